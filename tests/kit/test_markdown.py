"""The subset of Markdown: what it reads, and that nothing typed becomes markup."""

from html.parser import HTMLParser

from django.utils.html import format_html
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from essor.kit.markdown import MAX_LENGTH, Block, Run, parse, runs_of, to_data, to_html


def html(text: str) -> str:
    return to_html(parse(text), lambda target: "" if target == "nowhere" else f"/{target}", value)


def value(identifier: str) -> SafeString:
    return format_html("<b>{}</b>", identifier)


def test_titles_paragraphs_and_lists() -> None:
    lists = "- un\n- deux\n  suite\n\n1. premier\n2. second"
    text = f"## Un titre\n\nDeux lignes\nd’un paragraphe.\n\n{lists}\n\n### Plus bas"
    assert html(text) == (
        "<h2>Un titre</h2>\n<p>Deux lignes d’un paragraphe.</p>\n<ul><li>un</li><li>deux suite</li></ul>\n"
        "<ol><li>premier</li><li>second</li></ol>\n<h3>Plus bas</h3>"
    )


def test_a_title_and_a_list_need_no_empty_line() -> None:
    assert html("## Titre\nTexte\n- un\n1. deux") == (
        "<h2>Titre</h2>\n<p>Texte</p>\n<ul><li>un</li></ul>\n<ol><li>deux</li></ol>"
    )


def test_inside_a_line() -> None:
    assert html("Du **fort**, du *dit*, un [lien](fiche:K04), {{ law:grants.x }}.") == (
        '<p>Du <strong>fort</strong>, du <em>dit</em>, un <a href="/fiche:K04">lien</a>, <b>grants.x</b>.</p>'
    )


def test_a_target_without_address_leaves_its_words() -> None:
    assert html("[mots](nowhere)") == "<p>mots</p>"


def test_html_is_text() -> None:
    assert html('<script>alert(1)</script> **<img src=x>** [<i>](a"onclick=x)') == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt; <strong>&lt;img src=x&gt;</strong> "
        '<a href="/a&quot;onclick=x">&lt;i&gt;</a></p>'
    )


def test_a_long_text_is_cut() -> None:
    (run,) = runs_of(parse("a" * (MAX_LENGTH + 10)))
    assert len(run.text) == MAX_LENGTH


def test_data_for_a_document() -> None:
    assert to_data(
        (Block("p", ((Run("a", "strong"), Run(law="x")),)),), lambda identifier: f"[{identifier}]"
    ) == [{"kind": "p", "lines": [[{"text": "a", "style": "strong"}, {"text": "[x]", "style": ""}]]}]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        assert tag == "a" or not attrs


@given(st.text(alphabet="<>&\"'*[]()#-.{}: \nabl1éhtps/", max_size=80))
def test_whatever_is_typed_gives_only_our_tags(text: str) -> None:
    parser = Tags()
    parser.feed(html(text))
    assert parser.found <= {"h2", "h3", "p", "ul", "ol", "li", "strong", "em", "a", "b"}
