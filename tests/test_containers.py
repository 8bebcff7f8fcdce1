"""The Dockerfile, compose.yaml and .env.example: what they run is what the program can do."""

from __future__ import annotations

import json
import re
import shlex
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from crawler.cli.app import app
from crawler.cli.loudness import begin, is_quiet
from crawler.store.database import attach

ROOT = Path(__file__).parent.parent
DEFAULTS = re.compile(r"\$\{(\w+):-([^}]*)\}")


def instructions(text: str) -> list[tuple[str, str]]:
    """Return a Dockerfile's instructions in order, lines that go on joined, comments left out."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in joined.splitlines()) if name]


DOCKERFILE = instructions((ROOT / "Dockerfile").read_text())
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "bacajuga"}


def of(name: str) -> list[str]:
    return [rest for each, rest in DOCKERFILE if each == name]


def parsed(arguments: list[str]) -> Any:
    """Return the context of the command that the arguments name, read by the program's own parser."""
    command: Any = get_command(app)
    context: Any = None
    rest = list(arguments)
    while True:
        context = command.make_context(command.name or "bacajuga", rest, parent=context)
        if not getattr(command, "commands", None):
            return context
        name, command, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert command is not None, f"no command {name!r}"


def filled(text: str) -> str:
    """Return a value with what compose puts in where a variable is not set."""
    return DEFAULTS.sub(lambda found: found[2], text)


def test_image_runs_the_program_itself_as_a_user_without_rights() -> None:
    assert [json.loads(rest) for rest in of("ENTRYPOINT")] == [["bacajuga"]], (
        "a shell in between takes the signals"
    )
    assert of("STOPSIGNAL") == ["SIGINT"]
    [user] = of("USER")
    assert user.isdigit(), "a name cannot be checked by the host"
    assert int(user) > 0
    assert DOCKERFILE.index(("USER", user)) > max(
        at for at, (name, _) in enumerate(DOCKERFILE) if name == "RUN"
    )


def test_images_are_named_without_a_registry() -> None:
    names = [rest.split()[0] for rest in of("FROM")] + [service["image"] for service in SERVICES.values()]
    assert len(of("FROM")) == 2
    for name in names:
        assert re.fullmatch(r"[a-z]+(:[\w.-]+)?", name), name


def test_health_is_what_doctor_says() -> None:
    [health] = of("HEALTHCHECK")
    program, *arguments = json.loads(health.partition("CMD ")[2])
    begin()
    context = parsed(arguments)
    assert (program, context.info_name) == ("bacajuga", "doctor")
    assert context.params["offline"]
    assert is_quiet()
    begin()


def test_what_is_copied_is_there_and_not_kept_from_the_builder() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    for rest in of("COPY"):
        if rest.startswith("--from"):
            continue
        for source in shlex.split(rest)[:-1]:
            assert (ROOT / source).exists(), source
            ignored = False
            for rule in rules:
                if fnmatch(source, rule.removeprefix("!")):
                    ignored = not rule.startswith("!")
            assert not ignored, f"{source} is in .dockerignore"


@pytest.mark.parametrize("secret", [".env", "bacajuga.db", "jobs.toml", ".git", "tests/conftest.py"])
def test_secrets_and_data_are_kept_from_the_builder(secret: str) -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert rules[0] == "*"
    assert not any(fnmatch(secret, rule.removeprefix("!")) for rule in rules if rule.startswith("!"))


def test_extras_of_the_image_are_extras() -> None:
    import tomllib

    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    [default] = [rest.partition("=")[2] for rest in of("ARG")]
    assert set(default.split(",")) <= extras.keys()
    assert "postgres" in default


@pytest.mark.parametrize("name", OURS)
def test_service_runs_a_command_that_there_is(name: str) -> None:
    arguments = [filled(each) for each in OURS[name]["command"]]
    assert not any("$" in each for each in arguments)
    assert parsed(arguments).command.name in ("upgrade", "crawl", "serve")


def test_two_workers_share_a_database_that_is_up_to_date() -> None:
    assert SERVICES["crawl"]["deploy"]["replicas"] == 2
    assert SERVICES["migrate"]["command"] == ["db", "upgrade"]
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in ("crawl", "jobs"):
        assert SERVICES[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


@pytest.mark.parametrize("name", ["postgres", "crawl", "jobs"])
def test_service_has_limits_and_an_end(name: str) -> None:
    service = SERVICES[name]
    limits = service["deploy"]["resources"]["limits"]
    assert re.fullmatch(r"\d+[mg]", limits["memory"])
    assert float(limits["cpus"]) > 0
    assert service["restart"].split(":")[0] in ("unless-stopped", "on-failure")
    assert int(service["stop_grace_period"].removesuffix("s")) >= 30


def test_no_secret_stands_in_the_file_and_every_volume_is_declared() -> None:
    text = (ROOT / "compose.yaml").read_text()
    assert "PASSWORD:" not in text
    assert all(service["env_file"] == ".env" for service in SERVICES.values())
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            if isinstance(volume, str):
                assert volume.split(":")[0] in COMPOSE["volumes"]


def test_example_of_the_secrets_fits_together() -> None:
    lines = [line for line in (ROOT / ".env.example").read_text().splitlines() if line and line[0] != "#"]
    values = dict(line.split("=", 1) for line in lines)
    store = attach(values["DATABASE_URL"])
    assert store is not None
    url = store.engine.url
    assert (url.username, url.password, url.database, url.host) == (
        values["POSTGRES_USER"], values["POSTGRES_PASSWORD"], values["POSTGRES_DB"], "postgres",
    )  # fmt: skip
    assert url.host in SERVICES
    assert ".env" in (ROOT / ".gitignore").read_text().split(), "secrets must not be committed"
