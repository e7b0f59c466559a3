"""The configuration: read, checked, frozen. Every setting has a default that works."""

from dataclasses import dataclass, replace
from pathlib import Path

from bot.core.knowledge import SOURCE_LANGUAGE
from bot.loading.problems import Problem, did_you_mean
from bot.loading.strict_yaml import Document, Mistake, parse

PACKAGE = Path(__file__).parent
SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Where things are. Paths are absolute, or relative to the current folder."""

    intents: Path
    translations: Path
    database: str = f"{SQLITE}madoguchi.sqlite3"
    default_language: str = SOURCE_LANGUAGE

    @property
    def database_path(self) -> Path:
        """The file of the embedded database."""
        return Path(self.database.removeprefix(SQLITE))


class BadConfig(Exception):
    """The configuration cannot be used; its text lists every problem as file:line: what, todo."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def default_config() -> Config:
    """intents/ and translations/ of the current folder, else the copies in the package."""
    return Config(intents=_found("intents"), translations=_found("translations"))


def read_config(path: Path) -> Config:
    """Read a configuration file. Raises `BadConfig` with every problem in it."""
    try:
        document = parse(str(path), path.read_bytes())
    except OSError as error:
        what = f"The file cannot be opened ({error.strerror})."
        raise BadConfig(
            [Problem(file=str(path), line=1, what=what, todo="Check the name after --config.")]
        ) from None
    except Mistake as mistake:
        raise BadConfig([mistake.problem]) from None
    settings, problems = _settings(document)
    if problems:
        raise BadConfig(problems)
    return _apply(settings, path.resolve().parent)


def _settings(document: Document) -> tuple[dict[str, str], list[Problem]]:
    """The settings as section.name -> value, and what is wrong with them."""
    known = {"content.intents", "content.translations", "database.url", "default_language"}
    sections = {name.split(".")[0] for name in known}
    settings: dict[str, str] = {}
    problems: list[Problem] = []
    content = document.content if document.content is not None else {}
    if not isinstance(content, dict):
        return {}, [document.problem((), "This is not a list of settings.", "See the example.")]
    for section, value in content.items():
        inner = value if isinstance(value, dict) and section in sections else {None: value}
        for name, given in inner.items():
            full = f"{section}.{name}" if name else section
            path = (section, name) if name else (section,)
            if full not in known:
                todo = did_you_mean(full, known, "Delete it, or see config.example.yaml.")
                problems.append(document.problem(path, f"There is no setting {full}.", todo))
            elif not isinstance(given, str):
                problems.append(
                    document.problem(path, f"{full}: text is expected.", 'Write text, in "quotes".')
                )
            else:
                settings[full] = given
    url = settings.get("database.url", SQLITE)
    if not url.startswith(SQLITE):
        problems.append(
            document.problem(
                ("database", "url"),
                "This version knows SQLite only.",
                f"Write {SQLITE}file.sqlite3.",
            )
        )
    return settings, problems


def _apply(settings: dict[str, str], folder: Path) -> Config:
    config = default_config()
    if "content.intents" in settings:
        config = replace(config, intents=folder / settings["content.intents"])
    if "content.translations" in settings:
        config = replace(config, translations=folder / settings["content.translations"])
    url = settings.get("database.url", config.database)
    database = SQLITE + str(folder / url.removeprefix(SQLITE))
    language = settings.get("default_language", config.default_language)
    return replace(config, database=database, default_language=language)


def _found(name: str) -> Path:
    places = (Path(name), PACKAGE / "data" / name, PACKAGE.parent / name)
    return next((place for place in places if place.is_dir()), places[0])
