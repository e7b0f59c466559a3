"""The configuration: read, checked, frozen. Every setting has a default that works."""

from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from pathlib import Path

from bot.core.consultation.staffing import Staff
from bot.core.knowledge import SOURCE_LANGUAGE
from bot.loading.problems import Problem, did_you_mean
from bot.loading.staff import STAFF, read_staff
from bot.loading.strict_yaml import Document, Mistake, parse
from bot.service.pace import Patience, Rates

PACKAGE = Path(__file__).parent
SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Where things are. Paths are absolute, or relative to the current folder."""

    intents: Path
    translations: Path
    database: str = f"{SQLITE}madoguchi.sqlite3"
    meaning: bool = True
    default_language: str = SOURCE_LANGUAGE
    base_url: str = "https://api.telegram.org/bot"
    proxy: str | None = None
    rates: Rates = field(default_factory=Rates)
    patience: Patience = field(default_factory=Patience)
    staff: Staff | None = None

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
    staff: Staff | None = None
    if isinstance(document.content, dict) and STAFF in document.content:
        staff, wrong = read_staff(document)
        problems += wrong
    if problems:
        raise BadConfig(problems)
    return replace(_apply(settings, path.resolve().parent), staff=staff)


TEXTS = (
    "content.intents",
    "content.translations",
    "database.url",
    "default_language",
    "telegram.base_url",
    "telegram.mode",
    "telegram.proxy",
)
SWITCHES = ("content.meaning",)
NUMBERS = (
    *(f"sending.{one.name}" for one in fields(Rates)),
    *(f"receiving.{one.name}" for one in fields(Patience)),
)

Settings = dict[str, str | int | Decimal | bool]


def _settings(document: Document) -> tuple[Settings, list[Problem]]:
    """The settings as section.name -> value, and what is wrong with them."""
    settings: Settings = {}
    problems: list[Problem] = []
    content = document.content if document.content is not None else {}
    if not isinstance(content, dict):
        return {}, [document.problem((), "This is not a list of settings.", "See the example.")]
    sections = {name.split(".")[0] for name in (*TEXTS, *SWITCHES, *NUMBERS)}
    for section, value in content.items():
        if section == STAFF:
            continue
        inner = value if isinstance(value, dict) and section in sections else {None: value}
        for name, given in inner.items():
            path = (section, name) if name else (section,)
            problem = _problem(document, path, given)
            if problem is not None:
                problems.append(problem)
            else:
                settings[".".join(path)] = given
    return settings, problems


def _problem(document: Document, path: tuple[str, ...], given: object) -> Problem | None:
    """What is wrong with one setting, or None."""
    name = ".".join(path)
    if name in NUMBERS:
        if isinstance(given, int | Decimal) and not isinstance(given, bool) and given > 0:
            return None
        return document.problem(path, f"{name}: a number above 0 is expected.", "Write digits.")
    if name in SWITCHES:
        if isinstance(given, bool):
            return None
        return document.problem(path, f"{name}: true or false is expected.", "Write true or false.")
    if name not in TEXTS:
        todo = did_you_mean(
            name, (*TEXTS, *SWITCHES, *NUMBERS, STAFF), "Delete it, or see config.example.yaml."
        )
        return document.problem(path, f"There is no setting {name}.", todo)
    if not isinstance(given, str):
        return document.problem(path, f"{name}: text is expected.", 'Write text, in "quotes".')
    if name == "database.url" and not given.startswith(SQLITE):
        what = "This version knows SQLite only."
        return document.problem(path, what, f"Write {SQLITE}file.sqlite3.")
    if name == "telegram.mode" and given != "polling":
        what = f"telegram.mode: {given} is not in this version."
        return document.problem(path, what, "Write polling.")
    return None


def _apply(settings: Settings, folder: Path) -> Config:
    config = default_config()
    texts = {name: str(value) for name, value in settings.items() if name in TEXTS}
    numbers = {
        name: value
        for name, value in settings.items()
        if name in NUMBERS and not isinstance(value, str | bool)
    }
    limits: dict[str, dict[str, float]] = {"sending": {}, "receiving": {}}
    for name, value in numbers.items():
        section, limit = name.split(".")
        limits[section][limit] = float(value)
    url = texts.get("database.url", config.database).removeprefix(SQLITE)
    return replace(
        config,
        intents=folder / texts.get("content.intents", config.intents.resolve()),
        translations=folder / texts.get("content.translations", config.translations.resolve()),
        database=SQLITE + str(folder / url),
        meaning=bool(settings.get("content.meaning", config.meaning)),
        default_language=texts.get("default_language", config.default_language),
        base_url=texts.get("telegram.base_url", config.base_url),
        proxy=texts.get("telegram.proxy"),
        rates=replace(config.rates, **limits["sending"]),
        patience=replace(config.patience, **limits["receiving"]),
    )


def _found(name: str) -> Path:
    places = (Path(name), PACKAGE / "data" / name, PACKAGE.parent / name)
    return next((place for place in places if place.is_dir()), places[0])
