"""The closed lists of words as the options of a field."""

from offices.rules.vocabulary import Labelled


def options(words: type[Labelled]) -> list[tuple[str, str]]:
    return [(word.value, word.label) for word in words]
