"""What a training is told: a TOML file with the set's name, its networks, where its images are split, and phases.

Top level: `name`, `seed`, `variants` and, where there is one, `reference` (as `model.Spec.parse` reads them),
`side` and `validation` (data.py), `[drawn]` (draw.py), `[groups]` where each network answers for some classes (classes.py), `[every_phase]` with what phases do not say themselves, `[[phase]]`..., and
`[like.NAME]` with what those phases share that say `like = "NAME"`.
"""
from __future__ import annotations

import re
from pathlib import Path

try:
    import tomllib
except ImportError:  # Python before 3.11
    import tomli as tomllib

from mistake import Mistake
from model import Spec

NAME = r"[A-Za-z0-9._-]{1,64}"  # as the set's readers check it
TOP = {"name": str, "seed": int, "variants": list, "reference": str, "side": int, "validation": (int, float),
       "drawn": dict, "groups": dict, "every_phase": dict, "like": dict, "phase": list}
PRUNING = ("faithful", "budget")
DRAWN = ("per_class", "validation_per_class", "side")
KINDS = ("shared", "separate", "joint")
DEFAULTS = {
    # how long, and judged how often
    "epochs": 1.0,           # passes over the training images; fractions are allowed
    "horizon": 0.0,          # epochs after which the cosine would reach zero, where the phase is cut short
    "judge_every": 1.0,      # epochs between two validations, each of which also saves weights and a checkpoint
    "judged": 0,             # validation images a time, 0: all
    # what is seen
    "size": 0,               # side of the input, 0: each network's own
    "batch": 128,
    "drawn": 0.0,            # share of each batch that is drawn pictures
    "rotate": 0.25,          # data.augment has these three
    "zoom": 0.2,
    "colour": 0.2,
    "mixup": 0.0,            # alpha of the beta distribution, 0: none
    # what is learnt from it
    "smoothing": 0.0,        # of labels
    "merged": [0.0, 0.0],    # joint phases: weights of each output's own loss and of the merged output's
    "k": 2,                  # joint phases: classes of each output that are merged
    "distil": 0.0,           # weight of the distillation loss
    "teacher": "mean",       # of the networks of a joint phase, or the id of a network that is trained before
    "teacher_size": 0,       # side of the images that the teacher sees, 0: its own; best where it was last trained
    "temperature": 2.0,      # of the distillation
    "again": 0.0,            # epochs after which the very same batches come again, every other time mirrored, and a teacher is not asked again;
                             # 0: never. Phases that see the same share what the teacher said
    "moved": 0.0,            # share of their side by which such batches are moved at most, anew each time
    # how
    "lr": 0.002,             # AdamW's, at the top of a cosine after a linear rise
    "warmup": 0.1,           # share of the phase that the rise takes
    "decay": 0.05,
    "dropout": 0.1,
    "ema": 0.998,            # of the weights, a step
    "share": 1.0,            # of what the phase made of its networks; the rest of their weights is what they were before it (Wortsman
                             # et al., "Robust Fine-Tuning of Zero-Shot Models", CVPR 2022)
    "frozen": False,         # statistics of batch norms stay as they were: small batches, large inputs; steps are shorter
    "front": 0,              # so many layers of each trunk stay as they are, see front.py
    "slim": "",              # id of a network: this one begins as what it can keep of that one, see slim.py
    "keep": 0,               # so many layers of the trunk stay as they are nevertheless: 0, or 2 and more
    "bf16": False,           # autocast
    "compile": False,        # torch.compile, where torch has it; a frozen phase is faster without it on a CPU
}
ABOVE_ZERO = ("epochs", "judge_every", "batch", "temperature", "lr")
UP_TO_ONE = ("drawn", "smoothing", "moved", "warmup", "dropout", "ema", "share")
ALLOWED = {bool: "true or false", str: "a string", int: "a whole number, not negative", float: "a number, not negative",
           list: "a list of two numbers, not negative"}
ALLOWED_TOP = {str: "a string", int: "a whole number", (int, float): "a number", list: "a list", dict: "a table"}


def read(file: Path) -> dict:
    """A recipe, checked whole.

    :raises Mistake: names the file and what in it
    """
    try:
        recipe = tomllib.loads(file.read_text())
        check(recipe)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, Mistake) as e:
        raise Mistake(f"{file}: {e}") from e
    return recipe


def check(recipe: dict) -> None:
    check_top(recipe)
    ids = [spec.id for spec in networks(recipe)]
    filled = phases(recipe)
    names = [phase["name"] for phase in filled]
    if len(set(names)) < len(names):
        raise Mistake(f"phases have a name of their own each, not {names}")
    for phase in filled:
        if not isinstance(phase.get("variants", []), list):
            raise Mistake(f"phase {phase['name']}: variants = {phase['variants']!r}; allowed is a list of {ids}")
        asked = [*phase.get("variants", []), *(phase[key] for key in ("teacher", "slim") if phase[key] != DEFAULTS[key])]
        strange = [i for i in asked if i not in ids]
        if strange:
            raise Mistake(f"phase {phase['name']}: {strange} are no networks of this recipe; allowed are {ids}")


def check_top(recipe: dict) -> None:
    """What stands outside the phases."""
    unknown, missing = sorted(set(recipe) - set(TOP)), [key for key in ("name", "variants", "phase") if not recipe.get(key)]
    if unknown or missing:
        raise Mistake(f"unknown keys {unknown}, missing ones {missing}; allowed are {list(TOP)}")
    for key, value in recipe.items():
        if not isinstance(value, TOP[key]) or isinstance(value, bool):
            raise Mistake(f"{key} = {value!r}; allowed is {ALLOWED_TOP[TOP[key]]}")
    if not re.fullmatch(NAME, recipe["name"]):
        raise Mistake(f"name = {recipe['name']!r}; allowed is 1 to 64 of A-Z a-z 0-9 . _ -")
    if recipe.get("side", 1) < 1:
        raise Mistake(f"side = {recipe['side']}; allowed is a number of pixels")
    for key, kind, allowed in ("variants", str, 'strings such as "V1"'), ("phase", dict, "tables, [[phase]]"):
        if not all(isinstance(each, kind) for each in recipe[key]):
            raise Mistake(f"{key} = {recipe[key]}; allowed are {allowed}")
    for name, table in recipe.get("like", {}).items():
        if not isinstance(table, dict):
            raise Mistake(f"like.{name} = {table!r}; allowed is a table, [like.{name}]")
    if "groups" in recipe:
        check_groups(recipe)
    if "drawn" in recipe:
        drawn = recipe["drawn"]
        if {*drawn, "side"} != set(DRAWN) or not all(fits(value, 0) and value for value in drawn.values()):
            raise Mistake(f"drawn = {drawn}; allowed are {', '.join(DRAWN)}, whole numbers above 0, of which side alone may be left out")


def check_groups(recipe: dict) -> None:
    """Networks that answer for some classes each are pruned from one, trained alone, and taught by it."""
    groups = recipe["groups"]
    keys = {"reference", "pruning"} | ({"keep"} if groups.get("pruning") == "budget" else set())
    if (set(groups) - {"images"} != keys or groups["pruning"] not in PRUNING or not isinstance(groups["reference"], str)
            or not fits(groups.get("keep", 1.0), 0.0) or not 0 < groups.get("keep", 1) <= 1 or not fits(groups.get("images", 1), 1)):
        raise Mistake(f"groups = {groups}; allowed are reference, pruning of {PRUNING}, with budget keep, a share up to 1, and images, a whole number")
    wide = Spec.parse(groups["reference"])
    others = [s.id for s in networks(recipe) if (s.alpha, s.size, s.head) != (wide.alpha, wide.size, wide.head)]
    if others or wide.head or "reference" in recipe:
        raise Mistake(f"variants {others} are not as {groups['reference']} is, which has its own end; beside groups there is no reference")
    for phase in phases(recipe):
        strange = [key for key in ("mixup", "teacher", "teacher_size", "again", "slim") if phase[key] != DEFAULTS[key]]
        if phase["kind"] != "separate" or strange:
            raise Mistake(f"phase {phase['name']}: beside groups it is separate, without {', '.join(strange) or 'kind ' + phase['kind']}")


def networks(recipe: dict) -> list[Spec]:
    """The variants, and the reference at last where there is one."""
    return [Spec.parse(text) for text in (*recipe["variants"], *([recipe["reference"]] if "reference" in recipe else []))]


def phases(recipe: dict) -> list[dict]:
    """The phases with everything filled in.

    :raises Mistake: names the phase, and what it may say
    """
    result, shared = [], recipe.get("like", {})
    for given in recipe["phase"]:
        own = dict(given)
        like = own.pop("like", None)
        if like is not None and like not in list(shared):  # a list, that what has no hash may be looked for
            raise Mistake(f"phase {given.get('name')}: like {like!r} is not in the recipe; allowed are {sorted(shared)}")
        phase = {**DEFAULTS, **recipe.get("every_phase", {}), **shared.get(like, {}), **own}
        unknown = set(phase) - set(DEFAULTS) - {"name", "kind", "variants"}
        if unknown or not isinstance(phase.get("name"), str) or phase.get("kind") not in KINDS:
            raise Mistake(f"phase {given.get('name')}: unknown keys {sorted(unknown)}, name or kind {phase.get('kind')!r};"
                          f" allowed are name, a string, kind of {KINDS}, variants, like, {', '.join(DEFAULTS)}")
        for key, default in DEFAULTS.items():
            if not fits(phase[key], default) or (key in ABOVE_ZERO and not phase[key]) or (key in UP_TO_ONE and phase[key] > 1):
                raise Mistake(f"phase {given.get('name')}: {key} = {phase[key]!r}; allowed is {ALLOWED[type(default)]}"
                              + (", but not 0" if key in ABOVE_ZERO else "") + (", up to 1" if key in UP_TO_ONE else ""))
        result.append(phase)
    return result


def fits(value: object, default: object) -> bool:
    """Whether a value is of the default's type; an integer is also a number, and no number is negative."""
    if isinstance(default, list):
        return isinstance(value, list) and len(value) == len(default) and all(map(fits, value, default))
    if isinstance(default, (bool, str)):
        return isinstance(value, type(default))
    numbers = (int, float) if isinstance(default, float) else int
    return isinstance(value, numbers) and not isinstance(value, bool) and value >= 0
