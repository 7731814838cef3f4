"""Fusion, accuracy, and calibration of a model set.

Fusion is the paper's scaled sum (Variant Parallelism, section III-C): each variant's top-k probabilities, times
`input size / largest input size * (alpha / 0.35)^1.15`, added up; the largest sum wins, ties go to the lower class
index. The sum divided by the sum of scales is the mean probability, the *score*; a monotone map turns it into a *confidence*.
"""
from __future__ import annotations

import numpy as np
import torch

from model import Spec

GROUP = 30  # least number of images per point of the calibration


def scales(specs: list[Spec]) -> list[float]:
    largest = max(s.size for s in specs)
    return [s.size / largest * (s.alpha / 0.35) ** 1.15 for s in specs]


def top_k(probabilities: torch.Tensor, k: int) -> torch.Tensor:
    """Returns the k largest probabilities of each row in their places, zero elsewhere."""
    kept = probabilities.topk(min(k, probabilities.shape[1]), dim=1)
    return torch.zeros_like(probabilities).scatter(1, kept.indices, kept.values)


def fuse(probabilities: list[torch.Tensor], weights: list[float], k: int = 2) -> torch.Tensor:
    """Mean probability [N, C] of the scaled sum of top-k vectors."""
    total = sum(w * top_k(p, k) for w, p in zip(weights, probabilities))
    return total / sum(weights)


def accuracy(scores: torch.Tensor, labels: torch.Tensor) -> float:
    return (scores.argmax(1) == labels).double().mean().item()


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error over equal-width bins (Guo et al., ICML 2017, section 2)."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(sum(abs(right[place == b].mean() - confidence[place == b].mean()) * (place == b).mean()
                     for b in range(bins) if (place == b).any()))


def fit_calibration(fused: np.ndarray, right: np.ndarray, knots: int = 12) -> tuple[list[float], list[float]]:
    """Fits a monotone piecewise-linear map from score to the measured share of right answers, with at most knots + 2 points.

    Isotonic regression (pool adjacent violators) over groups of about equal size; each pooled block gives one knot at its mean score.
    Groups prevent steep steps at rare scores. A group's share is (right + 1) / (images + 2), Laplace's rule of succession, so a few
    images that are all right do not give certainty. Before the first and after the last knot the map is constant. Without images it
    is the identity."""
    if not len(fused):
        return [0.0, 1.0], [0.0, 1.0]
    order = np.argsort(fused, kind="stable")
    groups = np.array_split(order, max(1, min(knots, len(order) // GROUP)))
    blocks: list[list[float]] = []  # weight, mean score, share
    for group in groups:
        blocks.append([len(group), float(fused[group].mean()), (float(right[group].sum()) + 1) / (len(group) + 2)])
        while len(blocks) > 1 and blocks[-2][2] >= blocks[-1][2]:
            w2, x2, y2 = blocks.pop()
            w1, x1, y1 = blocks.pop()
            blocks.append([w1 + w2, (w1 * x1 + w2 * x2) / (w1 + w2), (w1 * y1 + w2 * y2) / (w1 + w2)])
    xs, ys = [], []
    for _, x, y in blocks:
        if not xs or x > xs[-1] + 1e-6:
            xs.append(round(x, 6))
            ys.append(round(y, 6))
    if xs[0] > 0.0:
        xs.insert(0, 0.0)
        ys.insert(0, ys[0])
    if xs[-1] < 1.0:
        xs.append(1.0)
        ys.append(ys[-1])
    return xs, ys


def calibrate(fused: np.ndarray, xs: list[float], ys: list[float]) -> np.ndarray:
    return np.interp(fused, xs, ys)


def calibrated_apart(fused: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Calibrates each half of the images with the map fitted on the other half (2-fold cross-validation), for an unbiased calibration
    error."""
    result = np.empty(len(fused))
    for half in (0, 1):
        other = 1 - half
        result[half::2] = calibrate(fused[half::2], *fit_calibration(fused[other::2], right[other::2]))
    return result
