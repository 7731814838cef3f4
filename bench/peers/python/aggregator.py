"""Collects the replies to an image and publishes the class with the largest scaled sum."""
import json
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

from site_client import QOS, options, serve

given = options(expect="5", deadline="1000")
expected, deadline_ms = int(given.expect), int(given.deadline)
classes = json.loads(Path(given.models, "set.json").read_text())["classes"]
requests = {}
lock = threading.Lock()  # timers run on threads of their own


def fuse(votes):
    sums = [0.0] * len(classes)
    for vote in votes:
        for index, probability in vote["top"]:
            sums[index] += vote["scale"] * probability
    best = max(range(len(sums)), key=sums.__getitem__)
    score = sums[best] / sum(vote["scale"] for vote in votes)
    return {"class": classes[best], "class_index": best, "score": score, "confidence": score}


def decide(client, request_id):
    with lock:
        request = requests.pop(request_id, None)
    if request is None:
        return
    request["timer"].cancel()
    votes = list(request["votes"].values())
    complete = len(votes) == expected
    result = {
        "schema": 1,
        "request_id": request_id,
        "camera": request["camera"],
        "ts": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "status": "answered" if complete else "partial",
        **fuse(votes),
        "fusion": "scaled-sum",
        "decided_by": "all" if complete else "deadline",
        "answered": [
            {
                "worker": "python",
                "variant": vote["variant"],
                "class": classes[vote["top"][0][0]],
                "probability": vote["top"][0][1],
                "inference_ms": vote["inference_ms"],
                "arrived_ms": vote["arrived_ms"],
            }
            for vote in votes
        ],
        "latency_ms": 1000 * (time.perf_counter() - request["opened"]),
        "deadline_ms": deadline_ms,
    }
    client.publish(f"chorale/{given.site}/camera/{request['camera']}/result", json.dumps(result), QOS, retain=True)


def collect(client, camera, message):
    reply = json.loads(message.payload)
    with lock:
        request = requests.get(reply["id"])
        if request is None:
            timer = threading.Timer(deadline_ms / 1000, decide, (client, reply["id"]))
            request = {"camera": camera, "opened": time.perf_counter(), "votes": {}, "timer": timer}
            requests[reply["id"]] = request
            timer.daemon = True
            timer.start()
        reply["arrived_ms"] = 1000 * (time.perf_counter() - request["opened"])
        request["votes"][reply["variant"]] = reply
        complete = len(request["votes"]) == expected
    if complete:
        decide(client, reply["id"])


serve(given.broker, f"chorale/{given.site}/camera/+/reply/+/+", collect)
