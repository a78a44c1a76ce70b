"""The example that users start with, carried out as its README says."""
from cluster import ROOT
from world import wait_until

FOLDER = ROOT / "examples" / "flask-app-canary"


def test_flask_app_there_and_back(controller, world):
    world.kubectl("apply", "-f", FOLDER / "service.yaml", "-f", FOLDER / "rollout.yaml")
    world.wait_phase("Healthy", name="flask-app")
    # Forward: a quarter, a pause for feedback, everyone.
    world.canaria("set", "image", "flask-app", "flask-app=flask-app:2.0")
    world.wait_phase("Paused", name="flask-app")
    assert world.sizes("flask-app") == {1: 3, 2: 1}
    world.canaria("promote", "flask-app")
    world.wait_phase("Healthy", name="flask-app")
    world.wait_sizes({1: 0, 2: 4}, name="flask-app")
    # Feedback is bad this time: back to where everybody is.
    world.canaria("set", "image", "flask-app", "flask-app=flask-app:3.0")
    world.wait_phase("Paused", name="flask-app")
    world.canaria("abort", "flask-app")
    world.wait_sizes({1: 0, 2: 4, 3: 0}, name="flask-app")
    world.canaria("undo", "flask-app")
    world.wait_phase("Healthy", name="flask-app")
    wait_until(lambda: {p["spec"]["containers"][0]["image"] for p in world.pods()} == {"flask-app:2.0"})
