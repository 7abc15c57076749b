"""Addresses below `/api/v1/webhooks/`."""

from django.urls import path

from incidents.representations.api.webhooks.deliveries import DeliveryList, DeliveryOne, DeliveryReplay
from incidents.representations.api.webhooks.endpoints import (
    WebhookList,
    WebhookOne,
    WebhookReplay,
    WebhookSecret,
    WebhookTest,
)

_ONE = "webhooks/<uuid:endpoint>/"
_DELIVERY = f"{_ONE}deliveries/<slug:message>/"

webhooks = [
    path("webhooks/", WebhookList.as_view(), name="webhooks"),
    path(_ONE, WebhookOne.as_view(), name="webhook"),
    path(f"{_ONE}rotate/", WebhookSecret.as_view(), name="webhook_rotate"),
    path(f"{_ONE}test/", WebhookTest.as_view(), name="webhook_test"),
    path(f"{_ONE}replay/", WebhookReplay.as_view(), name="webhook_replay"),
    path(f"{_ONE}deliveries/", DeliveryList.as_view(), name="webhook_deliveries"),
    path(_DELIVERY, DeliveryOne.as_view(), name="webhook_delivery"),
    path(f"{_DELIVERY}replay/", DeliveryReplay.as_view(), name="webhook_delivery_replay"),
]
