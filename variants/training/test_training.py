"""Tests of the training scripts: run `python -m unittest` here. The smoke test trains and exports on drawn images only."""
from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import itertools
import json
import tempfile
import unittest
import unittest.mock
import zipfile
from pathlib import Path

import h5py
import numpy as np
import onnxruntime
import torch
from PIL import Image

import classes
import data
import draw
import draw_unknown
import export
import imagenet
import int8
import measure
import phase_run
import preprocess_reference
import recipe as recipes
import runtime
import stages
from recipe import tomllib
import things
import train
from canvas import Canvas
from front import Front
from mistake import Mistake, run_cli
from model import FAMILY, Network, Spec, count_macs, count_params
from side_by_side import Joint, predict
from slim import slim
from teacher import Teacher

HERE = Path(__file__).resolve().parent
RECIPE = """
name = "tiny"
variants = ["A=0.35@32:16", "B=0.35@48:24"]
reference = "R=0.35@32:0"
side = 48
validation = 12
[drawn]
per_class = 1
validation_per_class = 1
side = 64
[[phase]]
name = "together"
kind = "shared"
size = 32
epochs = 1
batch = 8
drawn = 0.25
[[phase]]
name = "reference"
kind = "separate"
variants = ["R"]
epochs = 0.5
batch = 8
[[phase]]
name = "apart"
kind = "separate"
epochs = 0.5
batch = 8
mixup = 0.2
distill = 1.0
teacher = "R"
frozen = true
[[phase]]
name = "jointly"
kind = "joint"
epochs = 0.5
batch = 8
merged = [5.0, 1.0]
distill = 0.5
smoothing = 0.1
"""


def keras_tensors(net: Network) -> dict[str, np.ndarray]:
    """Returns a network's trunk and last convolution as Keras tensors, by layer/tensor."""
    known = torch.nn.ModuleList([net.trunk, net.head.conv])
    convs, norms = ([m for m in known.modules() if isinstance(m, kind)] for kind in (torch.nn.Conv2d, torch.nn.BatchNorm2d))
    tensors = {}
    for (conv_name, norm_name), conv, norm in zip(imagenet.names(), convs, norms):
        weight = conv.weight.detach().numpy()
        tensors[f"{conv_name}/kernel"] = weight.transpose(2, 3, 0, 1) if conv.groups > 1 else weight.transpose(2, 3, 1, 0)
        for theirs, own in zip(("gamma", "beta", "moving_mean", "moving_variance"), (norm.weight, norm.bias, norm.running_mean, norm.running_var)):
            tensors[f"{norm_name}/{theirs}"] = own.detach().numpy()
    return tensors


def maps(net: Network, layer: int, x: torch.Tensor) -> torch.Tensor:
    """Returns the output of a layer of a network's trunk, in evaluation mode."""
    for each in list(net.eval().trunk)[:layer + 1]:
        x = each(x)
    return x


def explained(x: torch.Tensor, y: torch.Tensor) -> float:
    """Returns the share of the variance of maps y that a linear function of maps x explains."""
    x, y = (maps.permute(0, 2, 3, 1).reshape(-1, maps.shape[1]).double() for maps in (x, y))
    x, y = (torch.cat([x, torch.ones(len(x), 1)], 1), y - y.mean(0))
    return 1 - ((y - x @ torch.linalg.lstsq(x, y, driver="gelsd").solution) ** 2).sum().item() / (y ** 2).sum().item()


class Model(unittest.TestCase):
    def test_counts_familyAt100Classes_matchThePaper(self):
        for name, macs, params in (("V1", 9_647_536, 317_380), ("V5", 53_842_224, 372_932), ("reference", 299_622_272, 2_386_084)):
            self.assertEqual((macs, params), (count_macs(FAMILY[name], 100), count_params(FAMILY[name], 100)), name)

    def test_parse_widthSizeAndHead_returnsTheSpec(self):
        self.assertEqual(Spec("W", 0.5, 128, 320), Spec.parse("W=0.5@128:320"))
        with self.assertRaisesRegex(Mistake, "alpha@size:head"):
            Spec.parse("V9")


class Data(unittest.TestCase):
    def test_classDigest_cifar10_isTheHashOfTheJoinedNames(self):
        expected = hashlib.sha256(b"airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck").hexdigest()
        self.assertEqual(expected, data.class_digest(list(data.CIFAR10)))

    def test_split_sameLabels_isFixedDisjointAndBalanced(self):
        labels = np.repeat(np.arange(10), 500)
        train_at, held = data.split_indices(labels, 500)
        again = data.split_indices(labels, 500)[1]
        self.assertTrue((held == again).all())
        self.assertEqual(set(), set(train_at) & set(held))
        self.assertEqual([50] * 10, np.bincount(labels[held]).tolist())
        self.assertEqual("3ef968ad", hashlib.sha256(held.astype("<i8").tobytes()).hexdigest()[:8])

    def test_writeHeld_folderOfImages_writesTheValidationSplit(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for kind, shade in (("dark", 40), ("light", 200)):
                (folder / "pictures" / kind).mkdir(parents=True)
                for i in range(8):
                    Image.new("RGB", (20, 20), (shade + i, shade, shade)).save(folder / "pictures" / kind / f"{i}.png")
            images = data.read(folder / "pictures", 20)
            data.write_held(folder / "pictures", images, 0.25, folder / "held.zip")
            held = data.split(images, 0.25)[1]
            again = data.read(folder / "held.zip", 20)
            self.assertEqual((4, held.classes), (len(held), again.classes))
            self.assertTrue(torch.equal(held.pixels, again.pixels) and torch.equal(held.labels, again.labels))

    def test_read_noImages_namesTheProblem(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with self.assertRaisesRegex(Mistake, "pictures: no such folder or zip"):
                data.read(folder / "pictures", 20)
            (folder / "red").mkdir()
            with self.assertRaisesRegex(Mistake, "no pictures found; expected a folder per class"):
                data.read(folder, 20)
            Image.new("RGB", (20, 20)).save(folder / "red" / "1.png")
            with self.assertRaisesRegex(Mistake, "all pictures are in one folder, red"):
                data.read(folder, 20)
            (folder / "blue").mkdir()
            (folder / "blue" / "2.png").write_bytes((folder / "red" / "1.png").read_bytes()[:40])
            with self.assertRaisesRegex(Mistake, "blue/2.png cannot be read as a picture"):
                data.read(folder, 20)
            with self.assertRaisesRegex(Mistake, "neither a folder nor a zip"):
                data.read(folder / "red" / "1.png", 20)

    def test_split_emptyPart_isRejected(self):
        images = data.Images(torch.zeros(8, 3, 4, 4, dtype=torch.uint8), torch.arange(8) % 2, ["dark", "light"])
        for validation in (5000, 0.01):
            with self.assertRaisesRegex(Mistake, f"validation = {validation}: of 8 images that leaves"):
                data.split(images, validation)

    def test_augment_anySize_staysInRangeAndIsRepeatable(self):
        pixels = torch.randint(0, 256, (4, 3, 40, 40), dtype=torch.uint8)
        for size in (32, 96):
            for rotate in (0.0, 1.0):
                first, second = (data.augment(pixels, size, torch.Generator().manual_seed(5), rotate=rotate) for _ in range(2))
                self.assertEqual((4, 3, size, size), tuple(first.shape))
                self.assertTrue(torch.equal(first, second))
                self.assertLessEqual(first.abs().max().item(), 1.0)

    def test_references_committed_matchPreprocess(self):
        folder = HERE / "references"
        for entry in json.loads((folder / "index.json").read_text()):
            pixels = np.asarray(Image.open(folder / entry["file"]).convert("RGB"))
            self.assertEqual((entry["height"], entry["width"]), pixels.shape[:2])
            made = data.preprocess(torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None], entry["size"]).numpy().ravel()
            self.assertLess(np.abs(made - np.fromfile(folder / entry["tensor"], "<f4")).max(), 5e-5, entry["tensor"])
        self.assertEqual(len(preprocess_reference.SOURCES), len(list(folder.glob("*.png"))))


class Drawings(unittest.TestCase):
    def test_draw_sameSeed_drawsTheSameImage(self):
        for name in data.CIFAR10:
            first, second, other = (np.asarray(draw.draw(name, seed, 96, 72)) for seed in (draw.TESTS, draw.TESTS, draw.TESTS + 1))
            self.assertEqual((72, 96, 3), first.shape)
            self.assertTrue((first == second).all(), name)
            self.assertFalse((first == other).all(), name)

    def test_drawUnknown_sameSeed_drawsTheSameImage(self):
        for family in draw_unknown.FAMILIES:
            first, second, other = (np.asarray(draw_unknown.draw(family, seed, 80, 60)) for seed in (draw.TESTS, draw.TESTS, draw.TESTS + 1))
            self.assertEqual((60, 80, 3), first.shape, family)
            self.assertTrue((first == second).all(), family)
            self.assertFalse((first == other).all(), family)

    def test_drawUnknown_everyThing_isDrawn(self):
        for name, subject in things.SUBJECTS.items():
            rng = np.random.default_rng(draw.TESTS)
            canvas = Canvas(64, 48, rng)
            subject(canvas, rng)
            self.assertGreater(len(set(canvas.finish().getdata())), 100, name)
            self.assertNotIn(name, data.CIFAR10)

    def test_drawUnknown_save_writesAFolderForEachFamily(self):
        with tempfile.TemporaryDirectory() as folder:
            draw_unknown.save(Path(folder), 2, draw.TESTS, (64, 48))
            names = sorted(str(file.relative_to(folder)) for file in Path(folder).rglob("*.jpg"))
            self.assertEqual(sorted(f"{family}/{i:02}.jpg" for family in draw_unknown.FAMILIES for i in (1, 2)), names)

    def test_seedOf_numberAbove999_isRejected(self):
        with self.assertRaises(Mistake):
            draw.seed_of(draw.DEMO, "cat", 1000)

    def test_seedOf_unknownClass_isRejectedByName(self):
        with self.assertRaisesRegex(Mistake, "class tomato: .*allowed are airplane"):
            draw.seed_of(draw.TRAINING, "tomato", 0)


class Measures(unittest.TestCase):
    def test_fuse_paperScales_addsTheTopTwo(self):
        small, large = torch.tensor([[0.6, 0.3, 0.1]]), torch.tensor([[0.1, 0.5, 0.4]])
        fused = measure.fuse([small, large], measure.scales([FAMILY["V1"], FAMILY["V5"]]))
        weight = 96 / 224
        expected = torch.tensor([[0.6 * weight, 0.3 * weight + 0.5, 0.4]]) / (weight + 1)
        self.assertTrue(torch.allclose(expected, fused))

    def test_fitCalibration_overconfidentScores_isMonotoneAndReducesTheError(self):
        rng = np.random.default_rng(3)
        score = rng.uniform(0.3, 1, 4000)
        right = rng.random(4000) < score ** 2
        xs, ys = measure.fit_calibration(score, right)
        self.assertTrue(2 <= len(xs) <= 16 and (np.diff(xs) > 0).all() and (np.diff(ys) >= 0).all() and xs[0] == 0 and xs[-1] == 1)
        self.assertLess(measure.calibration_error(measure.calibrate(score, xs, ys), right), measure.calibration_error(score, right) / 2)

    def test_fitCalibration_fewImagesAllRight_staysBelowOne(self):
        for images, confidence in {1: 2 / 3, 32: 33 / 34, 5000: 1}.items():
            with self.subTest(images):
                xs, ys = measure.fit_calibration(np.linspace(0.5, 1, images), np.full(images, True))
                self.assertLess(max(ys), 1)
                self.assertAlmostEqual(confidence, max(ys), 2)
        self.assertTrue(np.isfinite(measure.calibrated_apart(np.array([0.9]), np.array([True]))).all())


class Smoke(unittest.TestCase):
    def test_trainAndExport_tinyDrawnFolder_writesAModelSet(self):
        torch.set_num_threads(2)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            classes = ["cat", "ship", "truck"]
            for kind in classes:
                (folder / "images" / kind).mkdir(parents=True)
                for i in range(16):
                    draw.draw(kind, draw.seed_of(draw.TESTS, kind, i), 64, 48).save(folder / "images" / kind / f"{i:02}.jpg")
            (folder / "tiny.toml").write_text(RECIPE)
            recipe = train.read(folder / "tiny.toml")
            (folder / "work").mkdir()
            images, held = data.split(data.read(folder / "images", recipe["side"]), recipe["validation"])
            drawn, drawn_held = draw.images(images.classes, recipe["drawn"])
            for _ in range(2):  # the second run has nothing to do
                train.Trainer(recipe, images, held, folder / "work", "cpu", drawn, drawn_held).run()
            self.assertEqual(1 + 1 + 1 + 2 + 1, len((folder / "work" / "curves.csv").read_text().splitlines()))
            options = argparse.Namespace(recipe=folder / "tiny.toml", work=folder / "work", out=folder / "set", save_weights=True, untrained_reference=False)
            made = export.export(recipe, options, held, drawn_held)
            self.assertEqual((classes, ["A", "B"], "R"), (made["classes"], made["variants"], made["reference"]))
            for spec in (Spec.parse(v) for v in [*recipe["variants"], recipe["reference"]]):
                manifest = json.loads((folder / "set" / f"{spec.id}.json").read_text())
                file = folder / "set" / manifest["model"]
                self.assertEqual(manifest["sha256"], hashlib.sha256(file.read_bytes()).hexdigest())
                output = onnxruntime.InferenceSession(file).run(None, {"image": np.repeat(export.golden_input(spec.size), 3, 0)})[0]
                self.assertEqual((3, 3), output.shape)
                self.assertTrue(np.allclose(output[0], manifest["golden"]["probabilities"], atol=1e-5))
            self.assertLess(stages.write(folder / "set", held, [2, 7, 12, 15]), 1e-4)
            manifest = json.loads((folder / "set" / "R.json").read_text())
            self.assertEqual([manifest["macs"], manifest["params"]], [sum(s[k] for s in manifest["stages"]) for k in ("macs", "params")])
            self.assertEqual([[3, 32, 32], [3]], [manifest["stages"][0]["input"], manifest["stages"][4]["output"]])
            self.assertRaises(Mistake, stages.write, folder / "set", held, [6, 1])
            int8.quantize(folder / "set" / "A.onnx", folder / "A-int8.onnx", images.take(np.arange(8)), 32, "minmax")
            plain, quantized = (runtime.run(runtime.session(f), held, 32) for f in (folder / "set" / "A.onnx", folder / "A-int8.onnx"))
            self.assertLess((plain - quantized).abs().max().item(), 0.2)


GROUPED = """
name = "grouped"
variants = ["G1=0.35@48:0", "G2=0.35@48:0"]
side = 48
validation = 8
[drawn]
per_class = 1
validation_per_class = 1
side = 64
[groups]
reference = "R=0.35@48:0"
pruning = "budget"
keep = 0.25
images = 32
[[phase]]
name = "one"
kind = "separate"
epochs = 1
batch = 8
drawn = 0.25
distill = 1.0
frozen = true
"""


class ClassNetworks(unittest.TestCase):
    IMAGES = data.Images(torch.randint(0, 256, (48, 3, 48, 48), dtype=torch.uint8, generator=torch.Generator().manual_seed(1)),
                         torch.arange(48) % 4, ["bird", "cat", "dog", "frog"])

    def made(self, folder: Path, recipe: dict) -> classes.Groups:
        """Returns groups, and writes networks pruned from an untrained reference with batch norm statistics."""
        torch.manual_seed(6)
        net = Network(Spec.parse("R=0.35@48:0"), 4)
        net.train()(data.preprocess(self.IMAGES.pixels, 48))
        torch.save(net.state_dict(), folder / "R.pt")
        return classes.prune(recipe, classes.used(self.IMAGES, recipe), folder, folder)

    def test_groupsOf_closePairs_areTheGroups(self):
        means = np.array([[0, 0], [9, 9], [0, 1], [9, 8], [5, 0], [5, 1]], float)
        for seed in range(5):
            groups = classes.groups_of(means, ["G1", "G2", "G3"], seed)
            self.assertEqual({"G1": [0, 2], "G2": [1, 3], "G3": [4, 5]}, groups.members)
        self.assertRaisesRegex(Mistake, "6 classes cannot be divided equally among 4", classes.groups_of, means, list("ABCD"))

    def test_groupsOf_randomMeans_areOptimal(self):
        rng = np.random.default_rng(3)
        for _ in range(5):
            means = rng.normal(size=(6, 3))
            apart = ((means[:, None] - means[None]) ** 2).sum(2)
            found = np.zeros(6, int)
            for number, members in enumerate(classes.groups_of(means, ["G1", "G2", "G3"]).members.values()):
                found[members] = number
            every = {tuple(p) for p in itertools.permutations([0, 0, 1, 1, 2, 2])}
            self.assertAlmostEqual(min(classes.within(apart, np.array(p)) for p in every), classes.within(apart, found))

    def test_outputs_group_areOtherAndItsClasses(self):
        groups = classes.Groups({"G1": [2, 0], "G2": [1, 3]})
        self.assertEqual([2, 0, 1, 0], groups.labels("G1", torch.arange(4)).tolist())
        self.assertEqual([0, 1, 0, 2], groups.labels("G2", torch.arange(4)).tolist())
        self.assertTrue(torch.equal(torch.tensor([[0.5, 0.2, 0.3]]), torch.tensor([[0.3, 0.1, 0.2, 0.4]]) @ groups.outputs("G1")))
        joined = groups.join([torch.tensor([[0.5, 0.2, 0.3]]), torch.tensor([[0.1, 0.4, 0.5]])])
        self.assertTrue(torch.allclose(torch.tensor([[0.3, 0.4, 0.2, 0.5]]), joined))

    def test_order_fewImagesOfAGroup_drawsOutputsEquallyOften(self):
        labels = torch.tensor([0] * 5 + [1] * 7 + [2] * 300 + [3] * 300)
        groups = classes.Groups({"G1": [0, 1], "G2": [2, 3]})
        order = groups.order("G1", labels, np.random.default_rng(4))
        self.assertEqual(len(labels), len(order))
        self.assertEqual([204] * 3, np.bincount(groups.labels("G1", labels)[torch.from_numpy(order)]).tolist())
        self.assertEqual(set(range(12)), set(order[order < 12]))

    def test_faithful_idleChannels_areRemovedWithoutOtherChanges(self):
        torch.manual_seed(7)
        net, x = Network(Spec.parse("R=0.35@48:0"), 4).train(), torch.rand(16, 3, 48, 48) * 2 - 1
        with torch.no_grad():
            for _ in range(40):  # until the statistics have converged
                net(x)
        net.eval()
        idle = list(range(0, 48, 3))  # of the second bottleneck's 48
        with torch.no_grad():
            for part in net.trunk[2].body[:2]:
                part[1].weight[idle], part[1].bias[idle] = 0.0, -1.0
            features = classes.Features(net)(x)
            logits = torch.randn(16, 3)
            pruned = classes.faithful(net, x, features, logits).eval()
            self.assertEqual(32, pruned.trunk[2].body[0][0].out_channels)
            self.assertEqual([32, 32], [pruned.trunk[2].body[1][0].groups, pruned.trunk[2].body[2][0].in_channels])
            self.assertLess((net.trunk(x) - pruned.trunk(x)).abs().max().item(), 0.05)
            self.assertLess((pruned(x) - logits).abs().mean().item(), logits.abs().mean().item())

    def test_prune_budget_writesSmallerNetworks(self):
        recipe = tomllib.loads(GROUPED)
        with tempfile.TemporaryDirectory() as name:
            groups = self.made(Path(name), recipe)
            self.assertEqual([0, 1, 2, 3], sorted(sum(groups.members.values(), [])))
            for spec in recipes.networks(recipe):
                net, wide = classes.load(spec, Path(name)), Network(spec, 4)
                self.assertEqual(3, net.head.linear.out_features)
                self.assertEqual(320, net.head.linear.in_features)
                for own, full in zip(list(net.trunk)[1:], list(wide.trunk)[1:]):
                    inside, before = own.body[-1][0].in_channels, full.body[-1][0].in_channels
                    self.assertEqual((0, own.body[-1][0].out_channels), (inside % 8, full.body[-1][0].out_channels))
                    self.assertLess(abs(inside - (before if len(own.body) == 2 else before / 4)), 8)
                    self.assertEqual(inside, own.body[-2][0].groups)

    def test_trainAndExport_groups_writesASetWithGroups(self):
        recipe = tomllib.loads(GROUPED)
        recipes.check(recipe)
        held = self.IMAGES.take(np.arange(8))
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            groups, images = self.made(folder, recipe), classes.used(self.IMAGES, recipe)
            self.assertEqual([8] * 4, np.bincount(images.labels).tolist())
            drawn, drawn_held = draw.images(images.classes, recipe["drawn"])
            before = torch.load(folder / "G1.pt")
            train.Trainer(recipe, images, held, folder, "cpu", drawn, drawn_held).run()
            self.assertFalse(torch.equal(before["head.linear.weight"], torch.load(folder / "G1.pt")["head.linear.weight"]))
            (folder / "grouped.toml").write_text(GROUPED)
            options = argparse.Namespace(recipe=folder / "grouped.toml", work=folder, out=folder / "set", save_weights=False, untrained_reference=False)
            made = export.export(recipe, options, held, drawn_held)
            self.assertEqual(groups.named(images.classes), made["groups"])
            self.assertEqual([None, "side-by-side"], [made["reference"], made["validation"]["fusion"]])
            for id in ("G1", "G2"):
                manifest = json.loads((folder / "set" / f"{id}.json").read_text())
                self.assertEqual((3, 3), (manifest["classes"], len(manifest["golden"]["probabilities"])))
                self.assertEqual(manifest["params"] + 48 * 321, manifest["params_100"])
            self.assertRaisesRegex(Mistake, "logits of 32 images, but there are 31 training images", groups.answers, folder, 31)

    def test_trainer_missingGroups_areReported(self):
        recipe = tomllib.loads(GROUPED)
        with tempfile.TemporaryDirectory() as name:
            with self.assertRaisesRegex(Mistake, "groups.json: no such file; .*run classes.py first"):
                train.Trainer(recipe, self.IMAGES, self.IMAGES, Path(name), "cpu")

    def test_check_invalidGroups_areReportedByKey(self):
        for old, new, message in (("keep = 0.25", "keep = 0", "^groups.keep = 0; allowed is a number above 0, up to 1"),
                                  ("keep = 0.25", "", "^groups.keep is missing; allowed is a number"),
                                  ("images = 32", "side = 32", r"^groups: unknown keys \['side'\]; allowed are reference"),
                                  ('pruning = "budget"', 'pruning = "much"', "^groups.pruning = 'much'; allowed is faithful or budget$"),
                                  ('pruning = "budget"', 'pruning = "faithful"', "^groups.keep = 0.25; .*only with pruning"),
                                  ("distill = 1.0", 'mixup = 1.0', "^phase one: with groups, mixup must be absent$"),
                                  ('kind = "separate"', 'kind = "joint"', "^phase one: kind = 'joint'; with groups, allowed is 'separate'$"),
                                  ("G2=0.35@48:0", "G2=0.35@64:0", r"variants \['G2'\]"),
                                  ("side = 48", 'reference = "R=0.35@48:0"', "no reference")):
            with self.subTest(new), self.assertRaisesRegex(Mistake, message):
                recipes.check(tomllib.loads(GROUPED.replace(old, new)))


class Training(unittest.TestCase):
    def test_phases_unknownKey_isRejectedByName(self):
        with self.assertRaisesRegex(Mistake, "phase x: unknown keys \\['learning_rate'\\]"):
            recipes.phases({"phase": [{"name": "x", "kind": "separate", "learning_rate": 1}]})

    def test_phases_like_inheritsDefaults(self):
        told = {"every_phase": {"kind": "separate", "lr": 0.1, "mixup": 0.0}, "like": {"mixtures": {"mixup": 1.0, "distill": 4.0}},
                "phase": [{"name": "one", "like": "mixtures", "distill": 2.0}, {"name": "two"}]}
        self.assertEqual([(0.1, 1.0, 2.0), (0.1, 0.0, 0.0)], [(p["lr"], p["mixup"], p["distill"]) for p in recipes.phases(told)])
        with self.assertRaisesRegex(Mistake, "phase one: like 'mixture' is not in the recipe; allowed are \\['mixtures'\\]"):
            recipes.phases({**told, "phase": [{"name": "one", "like": "mixture"}]})
        for elsewhere in {"every_phase": {"kind": "separate", "like": "mixtures"}}, {"like": {"mixtures": {"like": "mixtures"}}}:
            with self.assertRaisesRegex(Mistake, "phase one: unknown keys \\['like'\\]"):  # `like` is allowed in a phase only
                recipes.phases({**told, **elsewhere})

    def test_read_mistakes_areReportedByFileAndKey(self):
        tiny = 'name = "tiny"\nvariants = ["V1"]\n[[phase]]\nname = "one"\nkind = "separate"\n'
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "mine.toml"
            file.write_text(tiny + "epochs = 2\n")
            self.assertEqual(2, recipes.phases(recipes.read(file))[0]["epochs"])
            for text, message in {
                    tiny + "epochs = ": "Invalid value",
                    tiny + 'epochs = "10"': "phase one: epochs = '10'; allowed is a number, not negative, but not 0",
                    tiny + "epochs = 0": "phase one: epochs = 0;",
                    tiny + "batch = 2.5": "phase one: batch = 2.5; allowed is a whole number",
                    tiny + "lr = -0.1": "phase one: lr = -0.1;",
                    tiny + "drawn = 1.5": "phase one: drawn = 1.5; allowed is a number, not negative, up to 1",
                    tiny + "frozen = 1": "phase one: frozen = 1; allowed is true or false",
                    tiny + "merged = [0.3]": "phase one: merged = \\[0.3\\]; allowed is a list of two",
                    tiny + 'teacher = "reference"': "phase one: \\['reference'\\] not among the networks of this recipe; allowed are \\['V1'\\]",
                    tiny + 'variants = ["V2"]': "phase one: \\['V2'\\] not among the networks",
                    tiny + '[[phase]]\nname = "one"\nkind = "joint"': "phases need different names",
                    tiny.replace('"tiny"', '"my set"'): "name = 'my set'; allowed is 1 to 64 of",
                    'side = "32"\n' + tiny: "side = '32'; allowed is a whole number",
                    "side = 0\n" + tiny: "side = 0; allowed is a number of pixels",
                    'validation = "5000"\n' + tiny: "validation = '5000'; allowed is a number",
                    tiny.replace('["V1"]', "[1]"): "variants = \\[1\\]; allowed are strings",
                    tiny.replace("[[phase]]", "[phase]"): "phase = {.*}; allowed is a list",
                    tiny.replace('"one"', '["one"]'): "phase \\['one'\\]: name = \\['one'\\]; allowed is a string",
                    tiny.replace('"separate"', '"apart"'): "phase one: kind = 'apart'; allowed are shared, separate, joint",
                    tiny + "variants = 3": "phase one: variants = 3; allowed is a list of \\['V1'\\]",
                    tiny + "like = [1]": "phase one: like \\[1\\] is not in the recipe",
                    tiny + "[like]\nlight = 3": "like.light = 3; allowed is a table, \\[like.light\\]",
                    tiny + "[drawn]\nper_class = 4": "drawn = {'per_class': 4}; allowed are per_class, validation_per_class, side",
                    tiny + "[drawn]\nper_class = 0\nvalidation_per_class = 4": "drawn = .* whole numbers above 0",
                    "sides = 32\n" + tiny: "unknown keys \\['sides'\\]; allowed are name",
                    'name = "tiny"': "missing keys \\['variants', 'phase'\\]; needed are name",
                    tiny.replace("V1", "V9"): "variant 'V9': allowed are V1"}.items():
                file.write_text(text)
                with self.subTest(text), self.assertRaisesRegex(Mistake, f"mine.toml: .*{message}"):
                    recipes.read(file)

    def test_read_otherFiles_areListed(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("cat/1.png", "dog/2.png"):
                file = Path(folder) / name
                file.parent.mkdir()
                Image.new("RGB", (8, 8)).save(file)
            for name in ("cat/3.webp", "notes.txt"):
                (Path(folder) / name).write_text("none")
            told = io.StringIO()
            with contextlib.redirect_stdout(told):
                self.assertEqual(2, len(data.read(Path(folder), 8)))
        top = Path(folder).name
        self.assertEqual(f"skipped (only .jpg .jpeg .png in a folder are read): {top}/cat/3.webp, {top}/notes.txt\n", told.getvalue())

    def test_runCli_mistakeOrMissingFile_endsWithOneLine(self):
        with self.assertRaisesRegex(SystemExit, ": lr = 0$"):
            run_cli(unittest.mock.Mock(side_effect=Mistake("lr = 0")))
        with self.assertRaisesRegex(SystemExit, ": /nowhere/V1.pt: no such file$"):
            run_cli(lambda: Path("/nowhere/V1.pt").read_bytes())

    def test_phases_committedRecipes_areValid(self):
        for file in ("cifar10.toml", "cifar10-full.toml", "cifar10-class.toml", "own-images.toml"):
            recipe = recipes.read(HERE / file)
            self.assertTrue(recipes.phases(recipe), file)
            [Spec.parse(v) for v in recipe["variants"]]

    def test_run_fullRecipeWithOneStepPerPhase_trainsEveryNetwork(self):
        full = recipes.read(HERE / "cifar10-full.toml")
        for phase in full["phase"]:
            phase.update(epochs=0.01, batch=4, size=phase.get("size", 0) // 2)
        full["every_phase"].update(drawn=0.0, bf16=False)
        images = data.Images(torch.randint(0, 256, (12, 3, 32, 32), dtype=torch.uint8), torch.arange(12) % 3, ["a", "b", "c"])
        with tempfile.TemporaryDirectory() as name:
            trainer = train.Trainer(full, images, images.take(np.arange(3)), Path(name), "cpu")
            trainer.run()
            self.assertEqual({*full["variants"], "reference"}, {f.stem for f in Path(name).glob("*.pt")} - {"checkpoint"})

    def test_train_frozenPhase_keepsBatchNormStatistics(self):
        images = data.Images(torch.randint(0, 256, (16, 3, 32, 32), dtype=torch.uint8), torch.arange(16) % 2, ["a", "b"])
        for frozen in (True, False):
            with tempfile.TemporaryDirectory() as name:
                told = {"variants": ["A=0.35@32:16"], "phase": [{"name": "one", "kind": "separate", "batch": 8, "frozen": frozen}]}
                trainer = train.Trainer(told, images, images, Path(name), "cpu")
                before = trainer.nets["A"].trunk[0][1].running_mean.clone()
                trainer.run()
                self.assertEqual(frozen, torch.equal(before, trainer.nets["A"].trunk[0][1].running_mean))

    def test_front_firstLayers_returnsTheInputOfTheRest(self):
        net, x = Network(Spec.parse("A=0.35@64:16"), 2).eval(), torch.rand(11, 3, 64, 64) * 2 - 1
        maps = Front(net.trunk, 5, 64)(x)
        with torch.no_grad():
            whole, net.trunk.first = net(x), 5
            self.assertLess((whole - net(maps)).abs().max().item(), 1e-3)

    def test_train_frontOfThree_changesOnlyLaterLayers(self):
        images = data.Images(torch.randint(0, 256, (16, 3, 32, 32), dtype=torch.uint8), torch.arange(16) % 2, ["a", "b"])
        with tempfile.TemporaryDirectory() as name:
            told = {"variants": ["A=0.35@32:16"], "phase": [{"name": "one", "kind": "separate", "batch": 8, "front": 3}]}
            trainer = train.Trainer(told, images, images, Path(name), "cpu")
            before = {k: v.clone() for k, v in trainer.nets["A"].trunk.state_dict().items()}
            trainer.run()
            after = trainer.nets["A"].trunk.state_dict()
            moved = {int(k.split(".")[0]) for k in after if not torch.allclose(before[k].float(), after[k].float(), rtol=0, atol=1e-6)}
            self.assertEqual(set(range(3, 18)), moved)
            self.assertEqual(0, trainer.nets["A"].trunk.first)

    def test_train_shareOfAQuarter_interpolatesToAQuarter(self):
        images = data.Images(torch.randint(0, 256, (16, 3, 32, 32), dtype=torch.uint8), torch.arange(16) % 2, ["a", "b"])
        ways = {}
        for share in (1.0, 0.25):
            with tempfile.TemporaryDirectory() as name:
                told = {"variants": ["A=0.35@32:16"], "phase": [{"name": "one", "kind": "separate", "batch": 8, "share": share}]}
                trainer = train.Trainer(told, images, images, Path(name), "cpu")
                before = trainer.nets["A"].head.linear.weight.clone()
                trainer.run()
                ways[share] = trainer.nets["A"].head.linear.weight - before
        self.assertGreater(ways[1.0].abs().max().item(), 1e-5)
        self.assertTrue(torch.allclose(ways[0.25], ways[1.0] / 4, rtol=1e-3, atol=1e-6))

    def test_network_frozenNorms_givesTheSameOutputAndGradientsInTraining(self):
        torch.manual_seed(5)
        net, x = Network(Spec.parse("A=0.35@64:16"), 3, dropout=0.0), torch.rand(6, 3, 64, 64) * 2 - 1
        net.train()(x)  # updates the statistics
        gradients = []
        for trained in (False, True):
            net.train(trained)
            for layer in net.modules():
                if isinstance(layer, torch.nn.BatchNorm2d):
                    layer.eval()
            net.zero_grad()
            output = net(x)
            output.square().sum().backward()
            gradients.append([output.detach(), *(p.grad.clone() for p in net.parameters())])
        for plain, folded in zip(*gradients):
            self.assertLess((plain - folded).abs().max().item(), 1e-3 * max(1.0, plain.abs().max().item()))

    def test_train_repeatedBatches_areMirroredAndUseCachedTeacherOutputs(self):
        images = data.Images(torch.randint(0, 256, (16, 3, 32, 32), dtype=torch.uint8), torch.arange(16) % 2, ["a", "b"])
        asked, seen, forward = [], {"one": [], "two": []}, Joint.forward

        class Counting(train.Trainer):
            def teacher(self, phase):
                teacher = super().teacher(phase)
                answers, teacher.answers = teacher.answers, lambda x: (asked.append(len(x)), answers(x))[1]
                self.seen = seen[phase["name"]]
                return teacher

        def recording(module, x):
            if module.training:
                trainer.seen.append(x)
            return forward(module, x)

        with tempfile.TemporaryDirectory() as name, unittest.mock.patch.object(Joint, "forward", recording):
            phase = {"kind": "separate", "batch": 8, "again": 1.0, "mixup": 0.2, "distill": 1.0, "teacher": "R", "frozen": True}
            told = {"variants": ["A=0.35@32:16", "B=0.35@32:24"], "reference": "R=0.35@32:0", "phase": [
                {**phase, "name": "one", "variants": ["A"], "epochs": 3}, {**phase, "name": "two", "variants": ["B"], "epochs": 1}]}
            trainer = Counting(told, images, images, Path(name), "cpu")
            trainer.run()
        first, second, *again = seen["one"]
        self.assertFalse(torch.equal(first, second))
        self.assertEqual((4, 2), (len(again), len(seen["two"])))
        for x, same in zip([*again, *seen["two"]], [first.flip(3), second.flip(3), first, second, first, second]):
            self.assertTrue(torch.equal(same, x))
        self.assertEqual(2, asked.count(8))

    def test_train_otherImagesInSameFolder_runsTheTeacherAgain(self):
        known = []
        with tempfile.TemporaryDirectory() as name:
            for shade in (10, 200):
                images = data.Images(torch.full((16, 3, 32, 32), shade, dtype=torch.uint8), torch.arange(16) % 2, ["a", "b"])
                told = {"variants": ["A=0.35@32:16"], "reference": "R=0.35@32:0", "phase": [{
                    "name": str(shade), "kind": "separate", "variants": ["A"], "batch": 8, "again": 1.0, "distill": 1.0, "teacher": "R"}]}
                trainer = train.Trainer(told, images, images, Path(name), "cpu")
                trainer.run()
                known.append(len(trainer.answers))
        self.assertEqual([2, 4], known)

    def test_train_interrupted_endsWithTheSameWeights(self):
        images = data.Images(torch.randint(0, 256, (16, 3, 32, 32), dtype=torch.uint8), torch.arange(16) % 2, ["a", "b"])
        told = {"variants": ["A=0.35@32:16"], "reference": "R=0.35@32:0", "phase": [{
            "name": "one", "kind": "separate", "variants": ["A"], "batch": 8, "epochs": 3, "judge_every": 0.5, "dropout": 0.0,
            "again": 1.0, "moved": 0.1, "distill": 1.0, "teacher": "R", "share": 0.5, "frozen": True, "mixup": 0.2}]}
        ends, forward, steps = [], Joint.forward, []

        def unplugged(module, x):
            steps.extend([1] * module.training)
            if len(steps) == 4:
                raise KeyboardInterrupt
            return forward(module, x)

        for interrupted in (False, True):
            with tempfile.TemporaryDirectory() as name:
                if interrupted:
                    with unittest.mock.patch.object(Joint, "forward", unplugged), self.assertRaises(KeyboardInterrupt):
                        train.Trainer(told, images, images, Path(name), "cpu").run()
                trainer = train.Trainer(told, images, images, Path(name), "cpu")
                trainer.load(Path(name), trainer.nets)
                trainer.run()
                ends.append(trainer.nets["A"].state_dict())
        for key, value in ends[0].items():
            self.assertTrue(torch.allclose(value.float(), ends[1][key].float(), rtol=0, atol=1e-5), key)

    def test_again_moved_movesAllSizesEquallyWithinTheLimit(self):
        rows = torch.arange(16.0)[:, None].expand(16, 16)
        small = torch.stack([rows, rows.T])[None]  # each pixel holds its position
        large = small.repeat_interleave(2, 2).repeat_interleave(2, 3)
        moves = set()
        for step in range(40):
            moved = phase_run.again(small, 0.125, step, 100)
            self.assertEqual(small.shape, moved.shape)
            self.assertTrue(torch.equal(moved, phase_run.again(small, 0.125, step, 100)))
            self.assertLessEqual((phase_run.again(large, 0.125, step, 100)[..., ::2, ::2] - moved).abs().max().item(), 1)
            moves.add(tuple((moved[0, :, 8, 8] - 8).tolist()))
        self.assertTrue(all(abs(d) <= 2 for move in moves for d in move))
        self.assertGreater(len(moves), 10)
        self.assertTrue(torch.equal(phase_run.again(small, 0.0, 7, 5), small.flip(3)))

    def test_slim_sameWidth_givesTheSameOutput(self):
        torch.manual_seed(2)
        wide, narrow, x = Network(Spec.parse("A=0.35@64:16"), 2), Network(Spec.parse("A=0.35@64:16"), 2), torch.rand(24, 3, 64, 64) * 2 - 1
        wide.train()(x)  # updates the statistics
        slim(wide.trunk, narrow.trunk, x)
        with torch.no_grad():
            for i in (2, 6, 13):
                self.assertGreater(explained(maps(narrow, i, x), maps(wide, i, x)), 0.99, i)

    def test_slim_narrowerWithThreeKeptLayers_keepsThoseAndBeatsRandomWeights(self):
        torch.manual_seed(3)
        wide, narrow, x = Network(Spec.parse("A=0.75@64:16"), 2), Network(Spec.parse("B=0.35@64:16"), 2), torch.rand(24, 3, 64, 64) * 2 - 1
        wide.train()(x)
        kept = [p.clone() for layer in list(narrow.trunk)[:3] for p in layer.parameters()]
        with torch.no_grad():
            before = explained(maps(narrow, 9, x), maps(wide, 9, x))
            slim(wide.trunk, narrow.trunk, x, keep=3)
            after = explained(maps(narrow, 9, x), maps(wide, 9, x))
        self.assertTrue(all(torch.equal(a, b) for a, b in zip(kept, (p for layer in list(narrow.trunk)[:3] for p in layer.parameters()))))
        self.assertGreater(after, before)

    def test_imagenet_kerasTensors_areConverted(self):
        for spec in (FAMILY["reference"], FAMILY["V1"]):
            with self.subTest(spec.id):
                torch.manual_seed(4)
                net = Network(spec, 2)
                net.train()(torch.rand(2, 3, 64, 64))
                tensors = keras_tensors(net)
                state = imagenet.state(spec, tensors)
                eps = next(m.eps for m in net.modules() if isinstance(m, torch.nn.BatchNorm2d))
                own = {k: v for k, v in net.state_dict().items() if k.startswith(("trunk.", "head.conv.") if spec.id == "reference" else "trunk.")}
                self.assertEqual(own.keys(), state.keys())
                for name, value in own.items():
                    if "running_var" in name:
                        self.assertTrue(torch.allclose(value + imagenet.KERAS_EPS - eps, state[name]), name)
                    elif "tracked" not in name:
                        self.assertTrue(torch.equal(value, state[name]), name)
                tensors["block_7_expand/kernel"] = tensors["block_7_expand/kernel"][..., 1:]
                with self.assertRaisesRegex(KeyError, "block_7_expand/kernel"):
                    imagenet.state(spec, tensors)
                del tensors["block_7_expand/kernel"]
                with self.assertRaisesRegex(KeyError, "block_7_expand/kernel"):
                    imagenet.state(spec, tensors)

    def test_imagenet_files_returnTheirTensors(self):
        tensors = keras_tensors(Network(FAMILY["V1"], 2))
        with h5py.File("layers.h5", "w", driver="core", backing_store=False) as file:
            for name, value in tensors.items():
                file[name] = value
            of_keras = imagenet.of_keras(file)
        weights = [{"name": n.replace("depthwise/kernel", "depthwise/depthwise_kernel"), "shape": v.shape, "dtype": "float32"} for n, v in tensors.items()]
        of_js = imagenet.of_tensorflow_js({"weightsManifest": [{"weights": weights}]}, b"".join(v.astype("<f4").tobytes() for v in tensors.values()))
        for read in (of_keras, of_js):
            self.assertEqual(tensors.keys(), read.keys())
            for name, value in tensors.items():
                self.assertTrue(np.array_equal(value, read[name]), name)

    def test_imagenet_wrongPackage_endsWithOneLine(self):
        with tempfile.TemporaryDirectory() as folder:
            other = Path(folder) / "other.whl"
            with zipfile.ZipFile(other, "w") as archive:
                archive.writestr("readme.txt", "nothing of use")
            for option, message in {"--reference": "no item named", "--variants": "not a gzip file"}.items():
                with self.subTest(option), unittest.mock.patch("sys.argv", ["imagenet.py", option, str(other), "--out", folder]):
                    with self.assertRaisesRegex(Mistake, f"other.whl: not the package that --help names .*{message}"):
                        imagenet.main()

    def test_teacher_images_givesTheOutputOfTheNetwork(self):
        net, images = Network(Spec.parse("R=0.35@64:0"), 2).eval(), torch.randint(0, 256, (11, 3, 32, 32), dtype=torch.uint8)
        with torch.no_grad():
            x = data.preprocess(images, 64)
            self.assertLess((Teacher(net, 64, "cpu")(x) - net(x)).abs().max().item(), 1e-4)

    def test_batch_severalSizes_containsTheSameImages(self):
        images = data.Images(torch.randint(0, 256, (8, 3, 32, 32), dtype=torch.uint8), torch.arange(8) % 2, ["a", "b"])
        with tempfile.TemporaryDirectory() as name:
            trainer = train.Trainer({"variants": ["A=0.35@32:16"], "phase": []}, images, images, Path(name), "cpu")
            phase = {**recipes.DEFAULTS, "batch": 8, "mixup": 0.4, "rotate": 0.0}
            for seed in range(3):
                (small, large), _ = trainer.batch(np.arange(8), phase, [32, 96], torch.Generator().manual_seed(seed), np.random.default_rng(seed))
                shrunk = torch.nn.functional.interpolate(large, size=(32, 32), mode="bilinear", antialias=True)
                self.assertLess((shrunk - small).abs().mean().item(), 0.1)

    def test_train_teacherOfAPhase_changesTheStudentsAnswers(self):
        images = data.Images(torch.randint(0, 256, (16, 3, 32, 32), dtype=torch.uint8), torch.arange(16) % 2, ["a", "b"])
        for distill in (20.0, 0.0):
            with tempfile.TemporaryDirectory() as name:
                phase = {"name": "one", "kind": "separate", "variants": ["A"], "batch": 16, "epochs": 40, "judge_every": 40, "lr": 0.005, "distill": distill, "teacher": "R"}
                told = {"variants": ["A=0.35@32:16"], "reference": "R=0.35@32:0", "phase": [phase]}
                trainer = train.Trainer(told, images, images, Path(name), "cpu")
                with torch.no_grad():
                    trainer.nets["R"].head.linear.bias += torch.tensor([4.0, -4.0])  # prefers the first class for every image
                trainer.run()
                first = predict(Joint({"A": trainer.nets["A"]}).eval(), images, [32], "cpu")[0][:, 0].mean().item()
                (self.assertGreater if distill else self.assertLess)(first, 0.7)


if __name__ == "__main__":
    unittest.main()
