"""Addresses of what is sent in; `portal/urls.py` says below which prefix each stands."""

from django.urls import path

from incidents.reporting import page
from incidents.reporting.submissions import SubmissionList, SubmissionOne

report = [
    path("", page.report, name="form"),
    path("<slug:token>/", page.status, name="status"),
]
api = [
    path("submissions/", SubmissionList.as_view(), name="submissions"),
    path("submissions/<slug:reference>/", SubmissionOne.as_view(), name="submission"),
]
