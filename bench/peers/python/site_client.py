"""Options, connection and shutdown, shared by worker and aggregator."""
import argparse
import os
import socket
import sys
import threading
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt

QOS = 1


def options(**defaults):
    """Options of the command line, all of them strings, with their defaults."""
    parser = argparse.ArgumentParser()
    broker = os.environ.get("CHORALE_CONNECTION_BROKER", "mqtt://127.0.0.1:1883")
    for name, value in {"broker": broker, "site": "python", "models": ".", **defaults}.items():
        parser.add_argument(f"--{name}", default=value)
    return parser.parse_args()


def serve(broker, topic_filter, on_message):
    """Connects, subscribes, prints `ready`, and handles messages until standard input ends."""
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)

    def no_delay(client, userdata, connection):
        # paho-mqtt leaves Nagle's algorithm on, which delays small messages.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def subscribe(client, userdata, flags, reason, properties):
        client.subscribe(topic_filter, QOS)

    def ready(client, userdata, message_id, reasons, properties):
        if any(reason.is_failure for reason in reasons):
            print(f"{topic_filter}: refused", file=sys.stderr)
            os._exit(1)
        print("ready", flush=True)

    client.on_socket_open = no_delay
    client.on_connect = subscribe
    client.on_subscribe = ready
    client.on_message = lambda client, userdata, message: on_message(client, message.topic.split("/")[3], message)
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    address = urlsplit(broker)
    if address.username:
        client.username_pw_set(address.username, address.password)
    client.connect(address.hostname, address.port or 1883)
    client.loop_forever()


def end_with_standard_input():
    sys.stdin.read()
    os._exit(0)
