"""The only file that knows every public address prefix."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from incidents.reporting import urls as reporting
from incidents.representations.api import urls as api
from incidents.representations.html import urls as pages
from incidents.representations.html import urls_lists as lists
from portal import api_docs, changelog_page, problem_pages
from portal.accounts.views import ProfileView, admin_sign_in
from portal.health import alive, ready
from portal.partners import urls as partners
from portal.well_known import api_policy, robots, security_txt

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler429 = "incidents.representations.html.errors.too_many_requests"  # asked for by the sign-in library
handler500 = "portal.errors.server_error"

urlpatterns = [
    path("", include([*pages.files, *lists.sitemaps])),
    path("incidents/", include((pages.renditions, "renditions"))),
    path("incidents/", include("incidents.representations.feeds.urls")),
    path("insights/", include((lists.insight_files, "insight_files"))),
    path("api/v1/", include(([*api.version_1, *reporting.api], "api"))),
    path("api/schema/", include((api.schema, "openapi"))),
    path("schema/", include("incidents.representations.json.urls")),
    path("admin/login/", admin_sign_in),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("accounts/profile/", ProfileView.as_view(), name="account_profile"),
    path("accounts/", include("allauth.urls")),
    path("partners/webhooks/", include("portal.partners.webhooks.urls")),
    path("partners/", include((partners.urlpatterns, "partners"))),
    path("healthz", alive, name="alive"),
    path("readyz", ready, name="ready"),
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path(".well-known/api-policy.json", api_policy, name="api_policy"),
    # The reading room, in every language: without a prefix in the default one, else below `/de/` and the like
    *i18n_patterns(
        path("", include([*lists.front_page, *pages.about_page])),
        path("incidents/", include(([*lists.advisories, *pages.advisories], "advisories"))),
        *(path(f"{name}/", include((patterns, name))) for name, patterns in lists.catalogue.items()),
        path("insights/", include((lists.insights, "insights"))),
        path("api/changelog/", include((changelog_page.urlpatterns, "api_changelog"))),
        path("api/docs/", include((api_docs.urlpatterns, "docs"))),
        path("api/problems/", include((problem_pages.urlpatterns, "problems"))),
        path("report/", include((reporting.report, "report"))),
        prefix_default_language=False,
    ),
]
