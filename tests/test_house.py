"""What holds for the whole house: predicates, floors, templates, sizes, acts, personal data."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

import essor
from essor.kernel import audit, retention
from essor.kernel.lever import levers
from essor.kernel.walk import ViewAddress, iter_views

SOURCE = Path(essor.__file__).parent
PYTHON = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(path for path in SOURCE.glob("*/templates/**/*") if path.is_file())
MAX_LINES = 400
# Each room may know those before it.
FLOORS = [
    "kernel",
    "territories",
    "accounts",
    "registry",
    "indicators",
    "observatory",
    "rulebook",
    "kit",
    "portal",
    "demo",
]


def short(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


# ── Addresses ──


def test_every_address_says_who_may_see_it() -> None:
    assert [address.route for address in iter_views() if address.predicate is None] == []


def test_every_rule_is_a_sentence() -> None:
    rules = {
        (address.predicate.__name__, (address.predicate.__doc__ or "").strip())
        for address in iter_views()
        if address.predicate
    }
    assert [name for name, rule in sorted(rules) if not (rule and rule.endswith("."))] == []


def test_the_walk_sees_frames_and_common_pages() -> None:
    found: dict[str, ViewAddress] = {address.name: address for address in iter_views()}
    health = found["health"]
    assert (health.route, health.framed, health.parameters) == ("sante/", False, ())
    assert found["job-cancel"].parameters == (("job_id", "int"),)
    framed = [address for address in iter_views() if address.framed]
    assert framed
    assert {address.parameters[0] for address in framed} == {("authority", "slug")}


def test_every_entry_of_the_navigation_leads_somewhere() -> None:
    def address_of(name: str) -> bool:
        for wanted, kwargs in (
            (name, {}),
            (name, {"authority": "x"}),
            (f"authority-{name}", {"authority": "x"}),
        ):
            try:
                return bool(reverse(wanted, kwargs=kwargs))
            except NoReverseMatch:
                continue
        return False

    assert [
        entry.url_name for lever in levers() for entry in lever.entries if not address_of(entry.url_name)
    ] == []


# ── Floors ──


def floor(label: str) -> int:
    return FLOORS.index(label) if label in FLOORS else -1  # libraries are under the ground


def test_no_table_points_to_a_higher_floor() -> None:
    rising = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and isinstance(field.related_model, type)
        if floor(field.related_model._meta.app_label) > floor(model._meta.app_label)
    ]
    assert rising == []


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == name:
                yield node


def first_text(call: ast.Call) -> str:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def test_no_room_fetches_a_model_of_a_higher_floor_by_its_name() -> None:
    rising = []
    for path in PYTHON:
        room = path.relative_to(SOURCE).parts[0]
        for call in calls(ast.parse(path.read_text()), "get_model"):
            wanted = first_text(call).partition(".")[0]
            if room in FLOORS and floor(wanted) > floor(room):
                rising.append(f"{short(path)}:{call.lineno} {wanted}")
    assert rising == []


# ── Templates ──


FORBIDDEN = [
    (re.compile(r"\shx-on\b", re.I), "hx-on: blocked by the content security policy"),
    (re.compile(r"\son[a-z]{3,}\s*=", re.I), "inline event handler"),
    (re.compile(r"\sstyle\s*=", re.I), "inline style"),
    (re.compile(r"<style\b", re.I), "inline style"),
    (re.compile(r"javascript:", re.I), "javascript: address"),
    (re.compile(r"[\"'{,\s]js:", re.I), "js: value"),
    (re.compile(r"hx-trigger=[\"'][^\"']*\[", re.I), "event filter"),
    (re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(ld\+)?json\")", re.I), "inline script"),
    # The help of a form field is written by us or by Django, in HTML.
    (re.compile(r"(?<!field\.help_text)\|safe\b|{%\s*autoescape\s+off"), "unescaped value"),
    (
        re.compile(r"(src|href)=[\"']https?://(?!www\.legifrance)", re.I),
        "address of another site written in a template",
    ),
]


def test_nothing_in_a_template_is_blocked_or_dangerous() -> None:
    found = []
    for path in TEMPLATES:
        if path.suffix != ".html" or "mail" in path.parts:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found += [f"{short(path)}:{number} {why}" for pattern, why in FORBIDDEN if pattern.search(line)]
    assert found == []


NAMED_BY_LIBRARIES = {"429.html"}  # allauth puts the name together from its parts


def library_templates() -> set[str]:
    """Names of the templates that libraries look for: ours of the same name replace them."""
    folders = [
        Path(config.path) / "templates"
        for config in apps.get_app_configs()
        if not config.name.startswith("essor.")
    ]
    folders.append(Path(django.__file__).parent / "forms" / "templates")
    return {
        path.relative_to(folder).as_posix()
        for folder in folders
        if folder.is_dir()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_template_is_used() -> None:
    texts = "\n".join(path.read_text() for path in [*PYTHON, *TEMPLATES])
    prefixes = set(re.findall(r"[\"']([a-z_]+/[a-z_/]*)\{", texts))
    quoted = set(re.findall(r"[\"']([a-z_]+/[a-z0-9_./-]+)[\"']", texts))
    replaced = library_templates()
    unused = []
    for path in TEMPLATES:
        name = path.relative_to(SOURCE / path.relative_to(SOURCE).parts[0] / "templates").as_posix()
        used = name in quoted or name.rpartition(".")[0] in quoted or name in replaced | NAMED_BY_LIBRARIES
        if not used and not any(name.startswith(prefix) for prefix in prefixes):
            unused.append(name)
    assert unused == []


# ── Sizes ──


def test_no_file_is_too_long_to_be_read() -> None:
    kinds = {".py", ".html", ".css", ".js", ".mjs", ".txt"}
    written = [
        path
        for path in SOURCE.rglob("*")
        if path.suffix in kinds
        and path.is_file()
        and not {"migrations", "vendor", "data", "fonts"} & set(path.parts)
    ]
    too_long = {
        short(path): count for path in written if (count := len(path.read_text().splitlines())) > MAX_LINES
    }
    assert too_long == {}


# ── Acts ──


def test_every_act_recorded_has_its_sentence() -> None:
    used = {
        first_text(call): f"{short(path)}:{call.lineno}"
        for path in PYTHON
        for call in calls(ast.parse(path.read_text()), "record")
        if first_text(call)
    }
    assert {code: place for code, place in used.items() if code not in audit.registered()} == {}


# ── Personal data ──


PERSONAL = re.compile(
    r"(^|_)(email|e_mail|mail|phone|mobile|tel|first_name|last_name|full_name|person_name|contact_name|birth\w*|ip|ip_address|postal_address)$"
)


def personal_fields() -> list[tuple[str, str]]:
    """Model and name of each field that looks personal, in every installed app."""
    kinds = (models.EmailField, models.GenericIPAddressField)
    return [
        (model._meta.label_lower, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, kinds) or PERSONAL.search(field.name)
    ]


def test_every_field_that_looks_personal_is_declared() -> None:
    declared, exempted = retention.declared(), retention.exempted()
    lacking = [
        f"{model}.{name}"
        for model, name in personal_fields()
        if not (model in declared and name in declared[model].fields) and f"{model}.{name}" not in exempted
    ]
    assert lacking == []


def test_declarations_of_personal_data_name_real_fields() -> None:
    for key, declaration in retention.declared().items():
        model = apps.get_model(key)
        for name in declaration.fields:
            try:
                model._meta.get_field(name)
            except FieldDoesNotExist:
                pytest.fail(f"retention: {key} has no field {name}")
        assert declaration.purpose, key
        assert declaration.legal_basis, key
        assert declaration.kept, key
    for path in retention.exempted():
        model_name, _dot, name = path.rpartition(".")
        assert apps.get_model(model_name)._meta.get_field(name)


# ── Answers ──


def test_pages_of_the_house_need_no_framed_address_to_be_shown() -> None:
    """An error page is rendered whatever the request holds: the context of the house asks nothing that may be
    missing.
    """
    from essor.kernel.context import house

    assert set(house(RequestFactory().get("/"))) >= {"demo", "version", "navigation", "public_navigation"}
    assert settings.CSRF_FAILURE_VIEW == "essor.kernel.views.csrf_failure"
