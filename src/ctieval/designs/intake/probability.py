"""Each person's probability of each arm under an intake: exact where a formula gives it, else simulated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from ctieval.designs.intake.simulate import simulate_joint, simulate_marginal
from ctieval.designs.intake.tally import Levels, ratio
from ctieval.designs.simulated import Simulated, to_exact
from ctieval.domain.arrays import FloatArray
from ctieval.domain.design import Intake, Minimised, PermutedBlocks

REPLICATES = 10_000
SEED = 0


def intake_probabilities(
    design: Intake, levels: Sequence[Levels], *, replicates: int = REPLICATES, seed: int = SEED
) -> Simulated:
    r"""Return each person's probability of each arm, given who came in which order.

    They are :math:`r_k / \sum_j r_j`, exactly, under permuted blocks (a place of a shuffled row is each of its
    places with equal probability), under the biased coin, and under minimisation of arms wanted in equal numbers
    (both treat the arms alike). Minimisation of unequal arms does not keep the ratio at every step, and is
    simulated.

    Args:
        design: The declared design.
        levels: Levels of each person, in the order in which they came.
        replicates: Number of intakes to simulate, where it takes that.
        seed: Seed of the simulation.

    Returns:
        Probabilities, shape (n, arms), with their Monte Carlo error; where they are exact the error is 0, and so is
        the number of replicates.

    References:
        Kuznetsova, O. M. & Tymofyeyev, Y. (2012). Preserving the allocation ratio at every allocation with biased
        coin randomization and minimization in studies with unequal allocation. Statistics in Medicine 31(8),
        701-723, doi:10.1002/sim.4447.

    Examples:
        >>> intake_probabilities(PermutedBlocks("", (1, 2), ratio=(1, 3)), [(), ()]).mean
        array([[0.25, 0.75],
               [0.25, 0.75]])
    """
    wanted = np.array(ratio(design))
    if isinstance(design, Minimised) and len(set(design.ratio)) > 1:
        return simulate_marginal(design, levels, replicates=replicates, seed=seed)
    mean = np.tile(wanted / wanted.sum(), (len(levels), 1))
    return to_exact(mean)


def joint_intake_probabilities(
    design: Intake, levels: Sequence[Levels], *, replicates: int = REPLICATES, seed: int = SEED
) -> Simulated:
    """Return the probability of each pair of arms of each pair of persons, given who came in which order.

    They are exact under permuted blocks, and simulated under the other designs.

    Args:
        design: The declared design.
        levels: Levels of each person, in the order in which they came.
        replicates: Number of intakes to simulate, where it takes that.
        seed: Seed of the simulation.

    Returns:
        Probabilities, shape (n, arms, n, arms), with their Monte Carlo error; where they are exact the error is 0,
        and so is the number of replicates.

    Examples:
        >>> joint_intake_probabilities(PermutedBlocks("", (1, 2)), [(), ()]).mean[0, 1, 1]
        array([0.41666667, 0.08333333])
    """
    if not isinstance(design, PermutedBlocks):
        return simulate_joint(design, levels, replicates=replicates, seed=seed)
    return to_exact(_joint_permuted(design, levels))


def _joint_permuted(design: PermutedBlocks, levels: Sequence[Levels]) -> FloatArray:
    """Mix, over whether two persons share a row and how long it is, what their pair of arms then is."""
    wanted = np.array(design.ratio)
    share = wanted / wanted.sum()
    n = len(levels)
    joint = np.broadcast_to(np.multiply.outer(share, share)[None, :, None, :], (n, len(share), n, len(share))).copy()
    members: defaultdict[Levels, list[int]] = defaultdict(list)
    for number, each in enumerate(levels):
        members[each].append(number)
    longest = max(map(len, members.values()), default=0)
    apart = np.multiply.outer(share, share)
    for multiple, together in _sharing_a_row(design, longest):
        places = multiple * wanted
        pair = (np.multiply.outer(places, places) - np.diag(places)) / (places.sum() * (places.sum() - 1))
        for persons in members.values():
            shared = together[: len(persons), : len(persons)]
            joint[np.ix_(persons, range(len(share)), persons)] += np.einsum("ij,kl->ikjl", shared, pair - apart)
    for person in range(n):
        joint[person, :, person] = np.diag(share)
    return joint


def _sharing_a_row(design: PermutedBlocks, n: int) -> list[tuple[int, FloatArray]]:
    """Return, for each multiple, the probability that persons i and j of a stratum share a row of it."""
    sizes = [multiple * sum(design.ratio) for multiple in design.multiples]
    begins = np.zeros(n + max(sizes))
    begins[0] = 1
    for place in range(1, n):
        begins[place] = sum(begins[place - size] for size in sizes if size <= place) / len(sizes)
    first, last = np.minimum.outer(np.arange(n), np.arange(n)), np.maximum.outer(np.arange(n), np.arange(n))
    before = np.concatenate([[0.0], begins[:n].cumsum()])
    return [
        (
            multiple,
            np.where(last - first < size, before[first + 1] - before[np.maximum(last - size + 1, 0)], 0) / len(sizes),
        )
        for multiple, size in zip(design.multiples, sizes, strict=True)
    ]
