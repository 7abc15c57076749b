"""INV-OUT: which addresses are refused by their text and by their number alone."""

from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from incidents.outgoing.addresses import is_reachable
from incidents.outgoing.destination import Refused, read_destination

INSIDE = (
    *(
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.254",
        "192.168.1.1",
        "169.254.169.254",
    ),
    *("100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16", "198.18.0.1", "192.0.2.1", "203.0.113.9"),
    *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.88.99.1"),
    *(
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fc00::1",
    ),
    *(
        "fd00:ec2::254",
        "ff02::1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:0:1::1",
    ),
    *("2001:db8::1", "3fff::1", "100::1", "5f00::1"),
)
OUTSIDE = ("8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::200e", "::ffff:8.8.8.8")


@pytest.mark.parametrize("text", INSIDE)
def test_addresses_that_are_not_public_are_not_reachable(text: str) -> None:
    assert not is_reachable(ip_address(text))


@pytest.mark.parametrize("text", OUTSIDE)
def test_public_addresses_are_reachable(text: str) -> None:
    assert is_reachable(ip_address(text))


@pytest.mark.parametrize("text", ["10.1.2.3", "::ffff:10.1.2.3"])
def test_a_setting_lets_networks_in_and_nothing_beside_them(text: str) -> None:
    assert is_reachable(ip_address(text), [ip_network("10.1.0.0/16")])
    assert not is_reachable(ip_address("10.2.0.1"), [ip_network("10.1.0.0/16")])
    assert not is_reachable(ip_address("127.0.0.1"), [ip_network("10.1.0.0/16")])


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.0.0.1",
            "0177.0.0.1",
            "017700000001",
            "127.0.1",
            "127.0.0.01",
            "0",
        ),
        *(
            "127.0.0.1",
            "10.0.0.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[fe80::1%25eth0]",
            "[fe80::1%eth0]",
        ),
        *(
            "1.1.1.1.",
            "soc.example.",
            "soc..example",
            "-soc.example",
            "soc-.example",
            "soc.example.1",
            "soc.0x7f",
            "[v1.x]",
        ),
        *(
            "so%63.example",
            "127%2e0%2e0%2e1",
            "１２７.0.0.1",
            "⑫7.0.0.1",
            "bücher.example",
            "localhost%00.example",
            "[::1",
            "::1",
        ),
        *(
            "a:b@soc.example",
            "soc.example@127.0.0.1",
            "127.0.0.1\\@soc.example",
            "soc.example\\.evil",
            "soc.example\t",
            "",
        ),
        *("soc.example:0", "soc.example:22", "soc.example:25", "soc.example:445", "soc.example:70000", "soc.example:x"),
        *("a" * 64 + ".example", ".".join(["abcdefgh"] * 32)),
    ],
)
def test_odd_spellings_and_private_literals_are_refused(host: str) -> None:
    with pytest.raises(Refused):
        read_destination(f"https://{host}/hook")


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://soc.example/",
            "ftp://soc.example/",
            "file:///etc/passwd",
            "gopher://soc.example/",
            "//soc.example/",
            "soc.example",
        ),
        *(
            "https:soc.example",
            "https:///soc.example",
            "javascript:alert(1)",
            " https://soc.example/",
            "https://soc.example/ x",
        ),
        *("https://soc.example/#part", "https://soc.example/\r\nHost: x", "https://soc.example/" + "a" * 1000, ""),
    ],
)
def test_what_is_no_address_to_send_to_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        read_destination(url)


def test_a_usual_address_is_read_whole() -> None:
    read = read_destination("https://SOC.example:8443/hooks/a?b=c")

    assert (read.is_secure, read.host, read.port, read.target) == (True, "soc.example", 8443, "/hooks/a?b=c")
    assert read.authority == "soc.example:8443"
    assert read_destination("https://soc.example").authority == "soc.example"
    assert read_destination("https://[2606:4700::1111]:8443/").authority == "[2606:4700::1111]:8443"


def test_plain_http_needs_a_setting(settings: Any) -> None:
    settings.OUTGOING_ALLOW_HTTP = True

    assert (read_destination("http://soc.example/").port, read_destination("http://soc.example/").is_secure) == (
        80,
        False,
    )
