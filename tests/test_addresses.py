from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencebook.tables.addresses import fault, page_fault

FINE = [
    "https://example.org",
    "http://example.org/a/path_with-signs?x=1&y=(2)#part",
    "HTTPS://Example.ORG:8443/",
    "https://xn--e1afmkfd.example./%20",
    "https://пример.испытание/страница",
    "http://9.9.9.9/x",
    "https://[2620:fe::fe]:8080/x",
]
REFUSED = [
    *("javascript:alert(1)", "JavaScript://example.org/%0aalert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"),
    *("https:foo", "https:/example.org", "http://", "https:///x", "http:\\\\example.org", "//example.org/x", "ftp://example.org"),
    *("https://exam ple.org", "https://example.org/a b", "https://example.org/\n", " https://example.org", "https://a.b\x00"),
    *("https://example.org/\u200b", "https://example.org/\u202egnp", "java\tscript:alert(1)", "https://example.org/\u00a0"),
    *("http://a@b/", "https://user:password@example.org/", "https://example.org@evil.example/"),
    *("https://example.org:99999/", "https://example.org:x/", "https://example.org:/", "https://example.org:0/"),
    *("https://example", "https://.org", "https://a..b", "https://-a.org", "https://a-.org", "https://_.org"),
    *("https://999.1.1.1/", "https://1.2.3/", "https://[::g]/", "https://[::1", f"https://{'a' * 64}.org", "https://exa!mple.org"),
    *("https://example.org/<b>", 'https://example.org/"x', "https://example.org/`x`", "https://example.org\\@b.org/"),
    *("http://127.0.0.1/", "http://10.0.0.8/", "http://192.168.1.1/", "http://169.254.169.254/", "http://[::1]/"),
    *("http://192.0.2.7/", f"https://a.org/{'x' * 2000}"),
    *("http://localhost.localdomain/", "http://printer.local/", "http://a.localhost./", "http://wiki.internal/"),
    *("https://exаmple.org", "https://аррӏе.org", "https://xn--80ak6aa92e.com", "https://ｅxample.org", "https://gοοgle.org"),
    *("example.org", "www.example.org", "/x", "#x", "", "mailto:a@example.org", "tel:+1"),
]  # fmt: skip


@pytest.mark.parametrize("address", FINE)
def test_addresses_of_the_web_are_taken(address: str) -> None:
    assert fault(address) == "" == page_fault(address)


@pytest.mark.parametrize("address", REFUSED)
def test_everything_else_is_refused_with_the_reason(address: str) -> None:
    assert fault(address)


@pytest.mark.parametrize(
    "link", ["mailto:keeper@example.org", "mailto:a.b+c@example.org?subject=Tides", "x.md", "#a", ""]
)
def test_page_may_link_to_a_mailbox_and_into_the_report(link: str) -> None:
    assert page_fault(link) == ""


@pytest.mark.parametrize(
    "link",
    [
        *(
            "mailto:",
            "mailto:keeper",
            "mailto:a@b",
            "mailto:a@example.org\n",
            "\x01javascript:alert(1)",
            "jAvA\nscript:x",
        ),
        *(
            " javascript:alert(1)",
            "//example.org",
            "/\\example.org",
            "\\\\example.org",
            "/\t/example.org",
            "view-source:x",
        ),
    ],
)
def test_page_may_not_link_to_what_a_browser_would_run_or_read_as_another_host(link: str) -> None:
    assert page_fault(link)


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(fault(text), str) and isinstance(page_fault(text), str)
    assert isinstance(fault(f"https://{text}"), str)
