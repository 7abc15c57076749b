"""Uploads are data (INV-TEXT): told by their content, neutrally named, bounded, and handed back inert."""

import hashlib
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from incidents.editing import uploads
from incidents.editing.uploads import tell_media_type
from incidents.record.models import Attachment, Incident
from incidents.vocabulary.media_types import neutral_name
from tests.factories import make_incident
from tests.incidents.editing.sent_form import add_row, read_sent_form

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
SignIn = Callable[..., Client]


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PNG, "a.txt", "image/png"),
        (b"\xff\xd8\xff\xe0rest", "a.html", "image/jpeg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a", "image/webp"),
        (b"GIF89a...", "a", "image/gif"),
        (b"%PDF-1.7\n%", "a", "application/pdf"),
        (b'{"a": [1]}', "a.svg", "application/json"),
        (b"a,b\r\n1,2\r\n", "a.CSV", "text/csv"),
        ("naïve text\n".encode(), "a.exe", "text/plain"),
        (b"<svg onload=alert(1)>", "a.svg", "text/plain"),
        (b"{not json", "a.json", "text/plain"),
        (b"MZ\x90\0\x03\0", "a.png", None),
        (b"PK\x03\x04zip", "a.txt", None),
        (b"text with \0 inside", "a.txt", None),
        (b"\xff\xfe\xfd", "a.txt", None),
    ],
)
def test_the_content_tells_the_type(content: bytes, name: str, media_type: str | None) -> None:
    assert tell_media_type(content, name) == media_type


@pytest.mark.parametrize(
    ("name", "media_type", "neutral"),
    [
        ("report.pdf", "application/pdf", "report.pdf"),
        ("Photo.JPEG", "image/jpeg", "Photo.jpeg"),
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("C:\\Users\\x\\..\\boot.ini", "text/plain", "boot.ini.txt"),
        ("evil.svg", "text/plain", "evil.svg.txt"),
        ('a"b<c>;d.png', "image/png", "a_b_c_d.png"),
        ("line\r\nbreak.txt", "text/plain", "linebreak.txt"),
        ("fdp\u202etxt.exe", "text/plain", "fdptxt.exe.txt"),
        ("nul\0l.csv", "text/csv", "null.csv"),
        (".htaccess", "text/plain", "htaccess.txt"),
        ("", "text/plain", "file.txt"),
        ("...", "image/gif", "file.gif"),
        (".png", "image/png", "png.png"),
        ("日本語.pdf", "application/pdf", "日本語.pdf"),
        ("x" * 300 + ".pdf", "application/pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_hostile_name_is_made_harmless(name: str, media_type: str, neutral: str) -> None:
    assert neutral_name(name, media_type) == neutral


def send(client: Client, incident: Incident, *files: tuple[str, bytes]) -> str:
    """Attach files on the page of an incident; the page one ends on."""
    address = reverse("admin:incidents_incident_change", args=[incident.pk])
    sent: dict[str, object] = dict(read_sent_form(client.get(address).content.decode()))
    for number, (name, content) in enumerate(files):
        add_row(sent, "attachments", title=f"File {number}")  # type: ignore[arg-type]
        sent[f"attachments-{number}-file"] = SimpleUploadedFile(name, content, content_type="text/html")
    return client.post(address, sent, follow=True).content.decode()


@pytest.mark.django_db
def test_an_upload_is_stored_by_its_hash_with_what_it_is(sign_in: SignIn) -> None:
    incident = make_incident()

    send(sign_in("Author"), incident, ("../evil.html", PNG))

    attachment = Attachment.objects.get()
    sha256 = hashlib.sha256(PNG).hexdigest()
    assert (attachment.name, attachment.media_type, attachment.sha256, attachment.size) == (
        "evil.html.png",
        "image/png",
        sha256,
        len(PNG),
    )
    assert sha256 in str(attachment.file.name)


@pytest.mark.django_db
def test_a_stored_file_is_handed_back_inert(sign_in: SignIn) -> None:
    incident, client = make_incident(), sign_in("Author")
    send(client, incident, ("a.txt", b"<script>alert(1)</script>"))

    answer = client.get(reverse("admin:incidents_incident_attachment", args=[incident.pk, Attachment.objects.get().pk]))

    assert answer["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert answer["Content-Type"] == "text/plain"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_file_is_handed_to_those_who_may_read_incidents_only(sign_in: SignIn) -> None:
    incident = make_incident()
    send(sign_in("Author"), incident, ("a.txt", b"secret"))
    address = reverse("admin:incidents_incident_attachment", args=[incident.pk, Attachment.objects.get().pk])

    assert [client.get(address).status_code for client in (Client(), sign_in(), sign_in("Publisher"))] == [
        302,
        403,
        200,
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "why"),
    [("a.exe", b"MZ\x90\0", "cannot tell what sort"), ("a.txt", b"", "empty"), ("a.txt", b"x" * 60, "too large")],
)
def test_what_is_not_taken_is_refused_with_a_word_on_why(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, why: str
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_BYTES", 50)

    page = send(sign_in("Author"), make_incident(), (name, content))

    assert why in page
    assert Attachment.objects.count() == 0


@pytest.mark.django_db
def test_the_same_content_twice_is_refused(sign_in: SignIn) -> None:
    page = send(sign_in("Author"), make_incident(), ("a.txt", b"same"), ("b.txt", b"same"))

    assert "“File 1” is the same file as “File 0”." in page
    assert Attachment.objects.count() == 0
