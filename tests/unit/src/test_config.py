"""Tests of ``slipway.config``."""

import pytest

from slipway.config import config_files, option_defaults, read_config
from slipway.errors import UsageError


def written(folder, text):
    folder.mkdir(exist_ok=True)
    path = folder / "slipway.toml"
    path.write_text(text)
    return path


def test_the_checkouts_file_overrides_the_users(tmp_path):
    user = written(tmp_path / "user", 'lab = "a"\nlang = "ko"\n')
    checkout = written(tmp_path / "checkout", 'lab = "b"\n')
    assert read_config([user, checkout]) == {"lab": "b", "lang": "ko"}
    assert read_config([tmp_path / "none.toml"]) == {}


def test_files_lie_in_the_users_folder_and_in_the_checkout(tmp_path):
    environ = {"HOME": "/h"}
    assert [str(path) for path in config_files(tmp_path, environ)] == [
        "/h/.config/slipway/slipway.toml", f"{tmp_path}/slipway.toml",
    ]  # fmt: skip
    assert str(config_files(tmp_path, {"XDG_CONFIG_HOME": "/c"})[0]) == "/c/slipway/slipway.toml"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('lap = "x"', "unknown key 'lap'. Available: lab, inventory, services, lang, quiet."),
        ("lab = 3", "lab must be a name"),
        ('lang = "de"', 'lang must be "en" or "ko"'),
        ("quiet = 1", "quiet must be true or false"),
        ("services = [1]", "services must be a name or a list of names"),
        ("lab = ", "slipway.toml: "),
    ],
)
def test_mistakes_are_named_with_their_file(tmp_path, text, words):
    with pytest.raises(UsageError) as problem:
        read_config([written(tmp_path, text)])
    assert words in str(problem.value) and str(tmp_path) in str(problem.value)


def test_paths_count_from_the_file(tmp_path):
    path = written(tmp_path, 'inventory = ["here", "/there", "a,b"]')
    assert read_config([path])["inventory"] == [f"{tmp_path}/here", "/there", "a,b"]


def test_the_environment_overrides_the_file():
    config = {"inventory": ["a"], "services": ["registry", "logging"]}
    assert option_defaults(config, {}) == {"inventory": ["a"], "services": "registry,logging"}
    assert "inventory" not in option_defaults(config, {"ANSIBLE_INVENTORY": "b"})
