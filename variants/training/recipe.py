"""The recipe of a training: a TOML file with the set's name, its networks, the validation split and the phases.

Top level: `name`, `seed`, `variants` and optionally `reference` (see `model.Spec.parse`), `side` and `validation` (data.py),
`[drawn]` (draw.py), `[groups]` if each network answers for a group of classes (classes.py), `[every_phase]` with defaults for
all phases, `[like.NAME]` with defaults for phases with `like = "NAME"`, and `[[phase]]`... .
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

NAME = r"[A-Za-z0-9._-]{1,64}"  # as readers of the set require
TOP = {"name": str, "seed": int, "variants": list, "reference": str, "side": int, "validation": (int, float),
       "drawn": dict, "groups": dict, "every_phase": dict, "like": dict, "phase": list}
NEEDED = ("name", "variants", "phase")
PRUNING = ("faithful", "budget")
DRAWN = ("per_class", "validation_per_class", "side")
KINDS = ("shared", "separate", "joint")
DEFAULTS = {
    # length and validation
    "epochs": 1.0,           # fractions are allowed
    "horizon": 0.0,          # epochs after which the cosine reaches zero, if later than the end of the phase
    "judge_every": 1.0,      # epochs between validations; each also saves weights and a checkpoint
    "judged": 0,             # validation images per validation, 0: all
    # images
    "size": 0,               # input size, 0: each network's own
    "batch": 128,
    "drawn": 0.0,            # share of drawn images in each batch
    "rotate": 0.25,          # this and the next two: data.augment
    "zoom": 0.2,
    "color": 0.2,
    "mixup": 0.0,            # alpha of the beta distribution, 0: none
    # loss
    "smoothing": 0.0,        # label smoothing
    "merged": [0.0, 0.0],    # joint phases: weights of the loss of each output and of the merged output
    "k": 2,                  # joint phases: top-k of each output that is merged
    "distill": 0.0,          # weight of the distillation loss
    "teacher": "mean",       # the mean of a joint phase's networks, or the id of a network trained in an earlier phase
    "teacher_size": 0,       # input size of the teacher, 0: its own; best is the size it was last trained at
    "temperature": 2.0,      # of the distillation
    "again": 0.0,            # epochs after which the same batches repeat, every other time mirrored, with the teacher's cached outputs; 0: never.
                             # Phases with the same batches share the cache
    "moved": 0.0,            # largest random shift of repeated batches, as a share of their side
    # optimizer
    "lr": 0.002,             # peak learning rate of AdamW: linear warm-up, then cosine decay
    "warmup": 0.1,           # share of the phase for the warm-up
    "decay": 0.05,
    "dropout": 0.1,
    "ema": 0.998,            # decay of the weights' moving average, per step
    "share": 1.0,            # interpolation between initial (0) and final (1) weights of the phase (Wortsman et al., "Robust Fine-Tuning
                             # of Zero-Shot Models", CVPR 2022)
    "frozen": False,         # keep the statistics of batch norms: for small batches and large inputs; also makes steps faster
    "front": 0,              # number of fixed first layers of each trunk, see front.py
    "slim": "",              # id of a wider network to initialize from, see slim.py
    "keep": 0,               # with `slim`: number of first layers of the trunk that stay unchanged; 0, or at least 2
    "bf16": False,           # autocast
    "compile": False,        # torch.compile, if available; on a CPU, frozen phases are faster without it
}
ABOVE_ZERO = ("epochs", "judge_every", "batch", "temperature", "lr")
UP_TO_ONE = ("drawn", "smoothing", "moved", "warmup", "dropout", "ema", "share")
ALLOWED = {bool: "true or false", str: "a string", int: "a whole number, not negative", float: "a number, not negative",
           list: "a list of two numbers, not negative"}
ALLOWED_TOP = {str: "a string", int: "a whole number", (int, float): "a number", list: "a list", dict: "a table"}


def read(file: Path) -> dict:
    """Reads and checks a recipe.

    :raises Mistake: names the file and the key
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
        raise Mistake(f"phases need different names, not {names}")
    for phase in filled:
        if not isinstance(phase.get("variants", []), list):
            raise Mistake(f"phase {phase['name']}: variants = {phase['variants']!r}; allowed is a list of {ids}")
        asked = [*phase.get("variants", []), *(phase[key] for key in ("teacher", "slim") if phase[key] != DEFAULTS[key])]
        strange = [i for i in asked if i not in ids]
        if strange:
            raise Mistake(f"phase {phase['name']}: {strange} not among the networks of this recipe; allowed are {ids}")


def check_top(recipe: dict) -> None:
    """Checks the keys outside the phases."""
    unknown, missing = sorted(set(recipe) - set(TOP)), [key for key in NEEDED if not recipe.get(key)]
    if unknown:
        raise Mistake(f"unknown keys {unknown}; allowed are {', '.join(TOP)}")
    if missing:
        raise Mistake(f"missing keys {missing}; needed are {', '.join(NEEDED)}")
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
            raise Mistake(f"drawn = {drawn}; allowed are {', '.join(DRAWN)}, whole numbers above 0; only side is optional")


def check_groups(recipe: dict) -> None:
    """Checks a recipe with groups: its networks are pruned from one reference, trained separately, and distilled from it."""
    groups = recipe["groups"]
    budget = groups.get("pruning") == "budget"
    keys = {  # is the value valid, and what is allowed
        "reference": (lambda value: isinstance(value, str), 'a network, such as "reference"'),
        "pruning": (lambda value: value in PRUNING, " or ".join(PRUNING)),
        "keep": (lambda value: budget and fits(value, 0.0) and 0 < value <= 1, "a number above 0, up to 1, only with pruning = \"budget\""),
        "images": (lambda value: fits(value, 1), ALLOWED[int])}
    unknown = sorted(set(groups) - set(keys))
    if unknown:
        raise Mistake(f"groups: unknown keys {unknown}; allowed are {', '.join(keys)}")
    for key in ("reference", "pruning", *(["keep"] if budget else [])):
        if key not in groups:
            raise Mistake(f"groups.{key} is missing; allowed is {keys[key][1]}")
    for key, (valid, allowed) in keys.items():
        if key in groups and not valid(groups[key]):
            raise Mistake(f"groups.{key} = {groups[key]!r}; allowed is {allowed}")
    wide = Spec.parse(groups["reference"])
    others = [s.id for s in networks(recipe) if (s.alpha, s.size, s.head) != (wide.alpha, wide.size, wide.head)]
    if others or wide.head or "reference" in recipe:
        raise Mistake(f"variants {others} differ from {groups['reference']}; with groups, all variants are like groups.reference (head 0), and there is no reference outside groups")
    for phase in phases(recipe):
        strange = [key for key in ("mixup", "teacher", "teacher_size", "again", "slim") if phase[key] != DEFAULTS[key]]
        if phase["kind"] != "separate":
            raise Mistake(f"phase {phase['name']}: kind = {phase['kind']!r}; with groups, allowed is 'separate'")
        if strange:
            raise Mistake(f"phase {phase['name']}: with groups, {', '.join(strange)} must be absent")


def networks(recipe: dict) -> list[Spec]:
    """Returns the variants, followed by the reference if there is one."""
    return [Spec.parse(text) for text in (*recipe["variants"], *([recipe["reference"]] if "reference" in recipe else []))]


def phases(recipe: dict) -> list[dict]:
    """Returns the phases, completed with defaults.

    :raises Mistake: names the phase and the allowed keys
    """
    result, shared = [], recipe.get("like", {})
    for given in recipe["phase"]:
        own = dict(given)
        like = own.pop("like", None)
        if like is not None and like not in list(shared):  # a list, because `like` may be unhashable
            raise Mistake(f"phase {given.get('name')}: like {like!r} is not in the recipe; allowed are {sorted(shared)}")
        phase = {**DEFAULTS, **recipe.get("every_phase", {}), **shared.get(like, {}), **own}
        unknown = set(phase) - set(DEFAULTS) - {"name", "kind", "variants"}
        if unknown:
            raise Mistake(f"phase {given.get('name')}: unknown keys {sorted(unknown)};"
                          f" allowed are name, kind, variants, like, {', '.join(DEFAULTS)}")
        if not isinstance(phase.get("name"), str):
            raise Mistake(f"phase {given.get('name')}: name = {phase.get('name')!r}; allowed is a string")
        if phase.get("kind") not in KINDS:
            raise Mistake(f"phase {given.get('name')}: kind = {phase.get('kind')!r}; allowed are {', '.join(KINDS)}")
        for key, default in DEFAULTS.items():
            if not fits(phase[key], default) or (key in ABOVE_ZERO and not phase[key]) or (key in UP_TO_ONE and phase[key] > 1):
                raise Mistake(f"phase {given.get('name')}: {key} = {phase[key]!r}; allowed is {ALLOWED[type(default)]}"
                              + (", but not 0" if key in ABOVE_ZERO else "") + (", up to 1" if key in UP_TO_ONE else ""))
        result.append(phase)
    return result


def fits(value: object, default: object) -> bool:
    """Returns whether a value has the default's type. An integer fits a float; negative numbers do not fit."""
    if isinstance(default, list):
        return isinstance(value, list) and len(value) == len(default) and all(map(fits, value, default))
    if isinstance(default, (bool, str)):
        return isinstance(value, type(default))
    numbers = (int, float) if isinstance(default, float) else int
    return isinstance(value, numbers) and not isinstance(value, bool) and value >= 0
