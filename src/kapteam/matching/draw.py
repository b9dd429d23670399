"""The draw that decides between equally good plans: fixed by the ids, and by no one's place in the alphabet."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kapteam.columns.lookup import Index

_SEPARATOR = "\x1f"


def hashes(ids: Sequence[str], salt: str) -> NDArray[np.uint64]:
    """The first 8 bytes, big-endian, of the SHA-256 of each salted id."""
    begun = hashlib.sha256(f"{salt}{_SEPARATOR}".encode())

    def digest(id: str) -> bytes:
        salted = begun.copy()
        salted.update(id.encode())
        return salted.digest()[:8]

    digests = map(digest, ids)
    return np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64)


def draws(site: NDArray[np.uint64], prescriber: NDArray[np.uint64], therapist: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The draw of each link from the hashes of its three ids: a number of 40 bits.

    The mixing is the finaliser of splitmix64 (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195).
    """
    x = site + np.uint64(3) * prescriber + np.uint64(5) * therapist
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray((x ^ (x >> np.uint64(31))) >> np.uint64(24), np.int64)


def link_draws(
    ids: tuple[Sequence[str], Sequence[str]], salt: str, site: Index, prescriber: Index, therapist: Index
) -> Index:
    """The draws of links given by the codes of sites and people; only the ids that occur are hashed."""
    sites, people = ids
    return draws(_by_code(sites, site, salt), _by_code(people, prescriber, salt), _by_code(people, therapist, salt))


def _by_code(ids: Sequence[str], codes: Index, salt: str) -> NDArray[np.uint64]:
    known, place = np.unique(codes, return_inverse=True)
    return hashes([ids[c] for c in known], salt)[place]
