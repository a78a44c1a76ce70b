"""A small web shop's front page that asks its visitors what they think of it.

The version comes from the environment, so that one program can play both sides of a canary release: APP_VERSION, which the
Dockerfile sets, or the tag of CANARIA_IMAGE, which `canaria up` sets for the processes that it runs. A version that ends in
"-bad" is slow and fails for one visitor in three.

Feedback is kept in memory: each pod knows what was said to it, and /feedback of the canary Service answers for the new
version alone.
"""
import os
import random
import threading
import time

from flask import Flask, jsonify, request

VERSION = os.environ.get("APP_VERSION") or os.environ.get("CANARIA_IMAGE", "dev").rpartition(":")[2]
FEEDBACK_MAX = 1000  # per pod; older ones are forgotten
COMMENT_MAX = 500    # characters

app = Flask(__name__)
lock = threading.Lock()
feedback = []


@app.get("/")
def front_page():
    if VERSION.endswith("-bad"):
        time.sleep(0.2)
        if random.random() < 1 / 3:
            return f"version {VERSION} is out of order\n", 500
    return f"""<!doctype html>
<title>flask-app {VERSION}</title>
<h1>Welcome to version {VERSION}</h1>
<form method="post" action="/feedback">
  <label><input type="radio" name="liked" value="yes" required> I like it</label>
  <label><input type="radio" name="liked" value="no"> I do not</label>
  <input name="comment" maxlength="{COMMENT_MAX}" placeholder="Tell us more">
  <button>Send</button>
</form>
"""


@app.get("/healthz")
def health():
    return jsonify(status="ok", version=VERSION)


@app.post("/feedback")
def take_feedback():
    said = request.get_json(silent=True) or request.form
    liked = str(said.get("liked", "")).lower()
    if liked not in ("yes", "no"):
        return jsonify(error='"liked" must be "yes" or "no"'), 400
    with lock:
        feedback.append({"liked": liked == "yes", "comment": str(said.get("comment", ""))[:COMMENT_MAX]})
        del feedback[:-FEEDBACK_MAX]
    return jsonify(thanks=True, version=VERSION), 201


@app.get("/feedback")
def show_feedback():
    with lock:
        said = list(feedback)
    return jsonify(version=VERSION, answers=len(said), liked=sum(f["liked"] for f in said),
                   comments=[f["comment"] for f in said if f["comment"]])


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=int(os.environ.get("PORT", "8080")), threaded=True)
