"""The first two heads."""

import numpy as np
import pytest

from bot.core.matching.features import FEW, count_features, inverse_document_frequency
from bot.core.matching.model import ridge


@pytest.mark.parametrize("lowest", [0.0, -0.1, -0.2, -0.35, -1.0])
def test_a_kernel_that_is_not_positive_definite_is_penalised_until_it_is(lowest: float) -> None:
    """As likeness by rapidfuzz is for thousands of examples; solved as it is, weights explode."""
    chance = np.random.default_rng(5)
    rotation = np.linalg.qr(chance.normal(size=(40, 40)))[0]
    kernel = (rotation * np.linspace(lowest, 3, 40)) @ rotation.T
    targets = chance.normal(size=(40, 2)).astype(np.float32)
    weights = ridge(kernel.astype(np.float32), targets, 0.2)
    assert np.linalg.norm(weights) <= np.linalg.norm(targets) / 0.1  # no eigenvalue below half


def test_what_only_one_of_many_examples_has_is_left_out_unless_it_is_a_word() -> None:
    texts = ("pay the premium", "pay the bill", "督促状が来た", "督促状")
    rare = {"bthe premium", "cprem", "u督促状が"}
    few, _ = inverse_document_frequency(map(count_features, texts))
    assert rare <= set(few)
    many, _ = inverse_document_frequency(map(count_features, (*texts, *["good morning"] * FEW)))
    assert {"wpremium", "wpay", "bpay the", "u督促状", "cpay", "u状が来"} <= set(many)
    assert not rare & set(many)
