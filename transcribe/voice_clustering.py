"""Find out how many voices there are, and which pieces of sound are each one's. Pure functions.

Average linkage, spherical k-means and spectral clustering each go wrong on some recordings. So
all are tried, and the division counts that fits best: the pieces of a voice must be nearer to its
pieces in other phrases than to another voice's. Pieces of one phrase overlap, so their likeness
says nothing. For a long interview a sample is clustered, and time does not grow with its length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

MOST_GUESSED = 6
_SAMPLE = 500  # pieces; three spectra of them take 2 s, and of 800 took 8 s
_NEIGHBOURS = (6, 12, 25)  # that a piece is linked with in spectral clustering
_STARTS, _ROUNDS = 12, 30  # of k-means
# So much of a piece does not count: with it, half a word weighs too much in a short recording.
_TELLS_LITTLE_S, _LEAST_WEIGHT = 0.3, 0.02
_SETTLING = 3  # rounds in which points may go to another centre
_SMALL = 12  # clusters beside the wanted ones that average linkage may leave as strays
_SMALL_S, _SMALL_SHARE = 0.7, 0.02  # such a cluster has less speech, in weights
_STRAY_S, _STRAY_SHARE = 1.0, 0.003  # a voice with less speech is a cough, if nobody named it
# Of two, and where nobody said how many: five "um" of one person (1 % of the speech of the
# demonstration's table interview) were the other, and the two were one voice.
_STRAY_SHARE_OF_FEW = 0.02
# A guessed number: each voice must fit so well by itself, and be so unlike every other. Half-way
# between eight recordings of one voice, whose halves are .83 alike or fit by up to .14, and 25 of
# two and three voices (readers, natural synthetic voices, 30 to 210 s), which are up to .79 alike
# and fit by .26 and more.
_LEAST_FIT, _MOST_ALIKE = 0.20, 0.81
# Voices that are more alike must fit the better. The two of the demonstration's table interview are
# .83 alike and fit by .31; one voice, in a room or with the microphone moved half way, came to .83
# with .27, .85 with .29 and .93 with .24.
_FIT_FOR_ALIKE = 4.0
_AS_GOOD = 0.02  # a larger number with a merit this close to the best is preferred
_SURE_BY = 0.2  # a merit, or a fit, better by so much than it need be is sure

Points = npt.NDArray[np.float32]
Weights = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class VoiceClusters:
    """The centre of each voice, rows of unit length, and how sure the number of voices is (0..1).

    labels: the voice of each point, from 0.
    """

    centres: Points
    labels: Labels
    sureness: float


def cluster_voices(
    points: Points,
    seconds: Sequence[float],
    phrases: Sequence[int],
    *,
    count: int | None,
    known: Sequence[int] | None = None,
) -> VoiceClusters:
    """Divide points into ``count`` voices, or into as many as there seem to be, 1 to 6.

    points: shape (n, dimensions), of unit length, n at least 1. seconds: how long each piece is.
    phrases: the number of the phrase that each is from. known: of each point the voice that a
    person gave it to, -1 for none; voices that are known keep their numbers, the others come after.
    There are no more voices than points.
    """
    told = np.full(len(points), -1) if known is None else np.asarray(known)
    lengths = np.asarray(seconds, np.float64)
    weights = np.maximum(lengths - _TELLS_LITTLE_S, _LEAST_WEIGHT)
    chosen = _choose_sample(len(points), told)
    sample = _Sample(
        points[chosen], lengths[chosen], weights[chosen],
        np.asarray(phrases)[chosen], told[chosen],
        _STRAY_SHARE_OF_FEW if count in {None, 2} else _STRAY_SHARE,
    )  # fmt: skip
    if count is None:
        division, sureness = _guess_division(sample)
    else:
        wanted = min(max(count, sample.named), len(points))
        division, sureness = _divide(sample, wanted), 1.0
    centres, labels = _settle_labels(points, weights, told, division.centres)
    return VoiceClusters(centres, labels, sureness)


@dataclass(frozen=True, eq=False)  # without slots, which a cached property needs
class _Sample:
    """The points that are clustered.

    weights: how much each says of its voice. stray_share: of all speech, less of which is no voice.
    """

    points: Points
    seconds: Weights
    weights: Weights
    phrases: Labels
    known: Labels
    stray_share: float

    @property
    def named(self) -> int:
        """How many voices a person named."""
        return int(self.known.max(initial=-1)) + 1

    @cached_property
    def spectra(self) -> list[Weights]:
        """The vectors of each graph of neighbours, the smoothest last; all numbers share them."""
        return [
            _find_spectrum(self.points, neighbours)
            for neighbours in _NEIGHBOURS
            if neighbours < len(self.points) / 1.5
        ]


@dataclass(frozen=True, slots=True, eq=False)
class _Division:
    """One way to divide the points.

    mean_fit, least_fit: of all points, and of the voice whose points fit worst; -1 to 1. alike: the
    cosine of the two nearest centres.
    """

    centres: Points
    mean_fit: float
    least_fit: float
    alike: float

    @property
    def shortfall(self) -> float:
        """How much better it would have to fit for its voices to be of as many people."""
        too_alike = max(0.0, self.alike - _MOST_ALIKE)
        return _LEAST_FIT + _FIT_FOR_ALIKE * too_alike - self.least_fit

    @property
    def merit(self) -> float:
        """How good it is: strays that are a voice by themselves raise the mean fit alone."""
        return self.mean_fit + self.least_fit / 2


def _choose_sample(count: int, known: Labels) -> Labels:
    if count <= _SAMPLE:
        return np.arange(count)
    even = np.linspace(0, count - 1, _SAMPLE).astype(np.int64)
    told = np.flatnonzero(known >= 0)
    few = told[:: max(1, len(told) // (_SAMPLE // 4))]
    return np.unique(np.concatenate([even, few]))


def _guess_division(sample: _Sample) -> tuple[_Division, float]:
    """Return the division into the number of voices that fits best, and how sure that is."""
    fewest = max(1, sample.named)
    most = max(fewest, min(MOST_GUESSED, len(sample.points)))
    tried = {count: _divide(sample, count) for count in range(max(2, fewest), most + 1)}
    sound = {
        count: one for count, one in tried.items() if count == sample.named or one.shortfall <= 0
    }
    if not sound:
        return _divide(sample, 1), _to_sureness([one.shortfall for one in tried.values()])
    highest = max(one.merit for one in sound.values())
    count = max(number for number, one in sound.items() if one.merit >= highest - _AS_GOOD)
    best = sound[count]
    doubts = [abs(best.merit - one.merit) for number, one in sound.items() if number != count]
    return best, _to_sureness([*doubts, -best.shortfall])


def _to_sureness(doubts: Sequence[float]) -> float:
    """Return how sure a number is, 0 to 1, by how much the nearest other one falls short."""
    return round(float(np.clip(min(doubts, default=0.0) / _SURE_BY, 0.0, 1.0)), 2)


def _divide(sample: _Sample, count: int) -> _Division:
    """Return the division into ``count`` voices that fits best."""
    if count <= 1 or len(sample.points) <= 1:
        labels = np.zeros(len(sample.points), np.int64)
        return _Division(_find_centres(sample.points, sample.weights, labels, sample.points[:1]),
                         1.0, 1.0, -1.0)  # fmt: skip
    divisions = (_measure_division(sample, seeds) for seeds in _propose_centres(sample, count))
    return max(divisions, key=lambda one: one.merit)


def _propose_centres(sample: _Sample, count: int) -> Iterator[Points]:
    long = sample.seconds >= min(1.0, float(np.median(sample.seconds)))
    for centres in _join_average(sample.points[long], sample.weights[long], count):
        yield _put_known_first(sample, centres, count)
    yield _put_known_first(sample, _run_k_means(sample.points, count), count)
    for vectors in sample.spectra:
        rows = _normalise(vectors[:, -count:].astype(np.float32))
        labels = (rows @ _run_k_means(rows, count).T).argmax(axis=1)
        start = sample.points[:count]
        yield _put_known_first(
            sample, _find_centres(sample.points, sample.weights, labels, start), count
        )


def _put_known_first(sample: _Sample, centres: Points, count: int) -> Points:
    """Put the centres of the voices that a person named first; the least like them follow."""
    if not sample.named:
        return centres
    is_known = sample.known >= 0
    named = _find_centres(
        sample.points[is_known], sample.weights[is_known], sample.known[is_known],
        np.resize(centres, (sample.named, centres.shape[1])),
    )  # fmt: skip
    rest = list(centres)
    while len(named) < count and rest:
        likeness = [float((named @ one).max()) for one in rest]
        named = np.vstack([named, rest.pop(int(np.argmin(likeness)))])
    return named


def _measure_division(sample: _Sample, centres: Points) -> _Division:
    count = len(centres)
    centres, labels = _settle_labels(sample.points, sample.weights, sample.known, centres)
    fits = _measure_fits(sample, labels, count)
    each = [_average_fit(sample, fits, labels == number) for number in range(count)]
    alike = centres @ centres.T - 2 * np.eye(count, dtype=np.float32)
    mean = float(np.average(fits, weights=sample.weights))
    return _Division(centres, mean, float(min(each)), float(alike.max()))


def _average_fit(sample: _Sample, fits: Weights, own: npt.NDArray[np.bool_]) -> float:
    """Return how well one voice fits; a cough or a click is none, unless a person named it."""
    least_s = max(_STRAY_S, sample.stray_share * float(sample.seconds.sum()))
    is_stray = float(sample.seconds[own].sum()) < least_s
    if not own.any() or (is_stray and not (sample.known[own] >= 0).any()):
        return -1.0
    return float(np.average(fits[own], weights=sample.weights[own]))


def _settle_labels(
    points: Points, seconds: Weights, known: Labels, centres: Points
) -> tuple[Points, Labels]:
    """Give each point to the nearest centre and move the centres, a few times."""
    labels = np.where(known >= 0, known, (points @ centres.T).argmax(axis=1))
    for _ in range(_SETTLING):
        centres = _find_centres(points, seconds, labels, centres)
        labels = np.where(known >= 0, known, (points @ centres.T).argmax(axis=1))
    return centres, labels


def _measure_fits(sample: _Sample, labels: Labels, count: int) -> Weights:
    """Return each point's silhouette, against points of other phrases alone.

    A voice that is in one phrase only has nothing to be compared with: its points fit no better
    than into the next voice.
    """
    apart = 1.0 - (sample.points @ sample.points.T).astype(np.float64)
    weights = (sample.phrases[:, None] != sample.phrases[None, :]) * sample.weights
    distance = np.full((len(labels), count), np.nan)
    for number in range(count):
        of_voice = weights * (labels == number)
        total = of_voice.sum(axis=1)
        has = total > 0
        distance[has, number] = (apart * of_voice).sum(axis=1)[has] / total[has]
    rows = np.arange(len(labels))
    own = distance[rows, labels]
    farthest = np.nan_to_num(np.fmax.reduce(distance, axis=1), nan=1.0)
    own = np.where(np.isnan(own), farthest, own)
    distance[rows, labels] = np.nan
    nearest = np.nan_to_num(np.fmin.reduce(distance, axis=1), nan=1.0)
    return (nearest - own) / np.maximum(np.maximum(nearest, own), 1e-9)


def _find_centres(points: Points, seconds: Weights, labels: Labels, before: Points) -> Points:
    """Return the mean direction of each voice; one without points keeps its centre."""
    centres = np.array(before, dtype=np.float32)
    for number in range(len(centres)):
        own = labels == number
        if own.any():
            centres[number] = (points[own] * seconds[own, None].astype(np.float32)).sum(axis=0)
    return _normalise(centres)


def _normalise(points: Points) -> Points:
    return points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-9)


def _join_average(points: Points, seconds: Weights, count: int) -> Iterator[Points]:
    """Join the nearest by mean distance until ``count`` clusters are left that are no strays."""
    apart = 1.0 - (points @ points.T).astype(np.float64)
    np.fill_diagonal(apart, np.inf)
    size = seconds.copy()
    member = np.arange(len(points))
    least_s = max(_SMALL_S, _SMALL_SHARE * float(size.sum()))
    found: Labels | None = None
    for left in range(len(points), 0, -1):
        if count <= left <= count + _SMALL:
            numbers = np.unique(member)
            if left == count or (size[numbers] >= least_s).sum() == count:
                found = member.copy()
                kept = numbers if left == count else numbers[size[numbers] >= least_s]
                if left > count:
                    yield _mean_of(points, seconds, found, kept)
        if left == count:
            break
        a, b = sorted(divmod(int(apart.argmin()), len(points)))
        joined = (apart[a] * size[a] + apart[b] * size[b]) / (size[a] + size[b])
        apart[a], apart[:, a] = joined, joined
        apart[b], apart[:, b], apart[a, a] = np.inf, np.inf, np.inf
        size[a] += size[b]
        member[member == b] = a
    if found is not None:
        numbers = np.unique(found)
        if len(numbers) == count:
            yield _mean_of(points, seconds, found, numbers)


def _mean_of(points: Points, seconds: Weights, member: Labels, numbers: Labels) -> Points:
    weighed = points * seconds[:, None].astype(np.float32)
    return _normalise(np.stack([weighed[member == number].sum(axis=0) for number in numbers]))


def _run_k_means(points: Points, count: int) -> Points:
    """Return the centres of the best of several runs, each started from points far apart."""
    dice = np.random.default_rng(count)
    best, best_fit = points[:count], -np.inf
    for _ in range(_STARTS):
        centres = _start_far_apart(points, count, dice)
        for _ in range(_ROUNDS):
            labels = (points @ centres.T).argmax(axis=1)
            moved = _find_centres(points, np.ones(len(points)), labels, centres)
            if np.allclose(moved, centres, atol=1e-5):
                break
            centres = moved
        fit = float((points @ centres.T).max(axis=1).sum())
        if fit > best_fit:
            best, best_fit = centres, fit
    return best


def _start_far_apart(points: Points, count: int, dice: np.random.Generator) -> Points:
    chosen = [int(dice.integers(len(points)))]
    while len(chosen) < count:
        distance = np.clip(1.0 - (points @ points[chosen].T).max(axis=1), 0, None).astype(float)
        total = distance.sum()
        odds = distance / total if total > 0 else np.full(len(points), 1 / len(points))
        chosen.append(int(dice.choice(len(points), p=odds)))
    return points[chosen].copy()


def _find_spectrum(points: Points, neighbours: int) -> Weights:
    """Return the eigenvectors of the graph of nearest neighbours (normalised cut), as columns."""
    alike = (points @ points.T).astype(np.float64)
    links = np.maximum(alike - np.quantile(alike, 0.3), 0)
    nearest = -np.partition(-links, neighbours - 1, axis=1)[:, neighbours - 1 : neighbours]
    links = np.where(links >= nearest, links, links * 0.01)  # a trace keeps the graph in one part
    links = np.maximum(links, links.T)
    degree = np.sqrt(np.maximum(links.sum(axis=1), 1e-9))
    return np.linalg.eigh(links / np.outer(degree, degree))[1]
