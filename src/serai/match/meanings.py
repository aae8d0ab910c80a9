"""What texts mean: their vectors, each together with that of its gloss in English.

Only the packaged encoder reads glosses: it knows some languages less well than English, and the weight of a gloss was
chosen for it. A mounted one reads the texts alone.
"""

from collections.abc import Sequence

import numpy as np

from serai.match.glosses import gloss
from serai.match.text import sentences
from serai.match.vectors import PACKAGED, Encoder, Vectors, encoder, meant, unit

WEIGHT = 0.5
"""Weight of the vector of a gloss that knows every word, beside that of the text. Chosen on phrases."""


def meant_with_gloss(
    texts: Sequence[str], languages: Sequence[str | None], by: Encoder | None = None, *, asked: bool = False
) -> Vectors:
    """(n_texts, d) the vector of each text (`vectors.meant`) and that of its gloss together, of length 1.

    The gloss weighs `WEIGHT` times the share of the words that are known.
    """
    by = by or encoder()
    vectors = meant(texts, languages, by, asked=asked)
    if by.name != PACKAGED:
        return vectors
    glosses = [gloss(text, language) for text, language in zip(texts, languages, strict=True)]
    if rows := [row for row, of_text in enumerate(glosses) if of_text.known]:
        weight = np.array([WEIGHT * glosses[row].known for row in rows], dtype=np.float32)[:, None]
        in_english = meant([glosses[row].english for row in rows], ["en"] * len(rows), by, asked=asked)
        vectors[rows] = unit(vectors[rows] + weight * in_english)
    return vectors


def meanings(texts: Sequence[str], languages: Sequence[str | None], by: Encoder | None = None) -> Vectors:
    """(len(texts), d) mean of the vectors of the sentences of each text, with their glosses, of length 1.

    With another encoder than the packaged one the length is such that the cosines are spread like those of the packaged
    one. The vector of a whole description is near to no product that it mentions, while each sentence is about one
    product (benchmarks/ranking.py: tenders and their winners). Zeros for a text without a letter or digit.
    """
    sentences_of = [sentences(text) for text in texts]
    row = np.repeat(np.arange(len(sentences_of)), [len(some) for some in sentences_of])
    by = by or encoder()
    of_sentences = meant_with_gloss(
        [sentence for some in sentences_of for sentence in some], [languages[number] for number in row.tolist()], by
    )
    summed = np.zeros((len(texts), of_sentences.shape[1]), dtype=np.float32)
    np.add.at(summed, row, of_sentences)
    return unit(summed) * np.float32(np.sqrt(by.scale.slope))
