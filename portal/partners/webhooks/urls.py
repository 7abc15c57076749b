"""Addresses below `/partners/webhooks/`."""

from django.urls import path

from portal.partners.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.webhook_list, name="list"),
    path("make/", views.webhook_make, name="make"),
    path("<uuid:endpoint>/", views.webhook_one, name="one"),
    path("<uuid:endpoint>/change/", views.webhook_change, name="change"),
    path("<uuid:endpoint>/pause/", views.webhook_pause, name="pause"),
    path("<uuid:endpoint>/resume/", views.webhook_resume, name="resume"),
    path("<uuid:endpoint>/rotate/", views.webhook_rotate, name="rotate"),
    path("<uuid:endpoint>/test/", views.webhook_test, name="test"),
    path("<uuid:endpoint>/delete/", views.webhook_delete, name="delete"),
    path("<uuid:endpoint>/replay/", views.webhook_replay, name="replay"),
    path("<uuid:endpoint>/deliveries/<slug:message>/", views.delivery_one, name="delivery"),
    path("<uuid:endpoint>/deliveries/<slug:message>/replay/", views.delivery_replay, name="delivery_replay"),
]
