# SPDX-License-Identifier: GPL-3.0-or-later
"""Two endpoints of one project, `serve` and that of a launch, while another process holds the run database: they decide together, so that each number, name,
alias and stage that either has acknowledged goes on meaning the same, whoever is killed before it is in the database."""

import os
import random
import signal
import subprocess
import threading
import unittest

from endpoint import PROGRAM, Client, Served, state_of, wait_until

KILLED = {"nobody": (), "the launched one": ("run",), "the served one": ("serve",), "both": ("run", "serve")}


class TwoEndpoints(Served):
    def setUp(self):
        super().setUp()
        place = os.path.join(self.project, "place")
        script = f'echo "$MLFLOW_TRACKING_URI $PPID" > {place}.part; mv {place}.part {place}; exec sleep 120'
        variables = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW", "RUNGLASS_"))}
        launch = subprocess.Popen([PROGRAM, "run", "-q", "--project", self.project, "--", "sh", "-c", script], env=variables, cwd=self.project,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(launch.wait, 20)
        self.addCleanup(launch.terminate)
        self.assertTrue(wait_until(lambda: os.path.exists(place)))
        with open(place, encoding="utf-8") as file:
            uri, supervisor = file.read().split()
        self.supervisor = int(supervisor)
        address, token = uri.removeprefix("http://").split("/")
        launched = Client(int(address.rsplit(":", 1)[1]), {"Authorization": f"Bearer {token}"})
        self.addCleanup(launched.close)
        self.clients = {"serve": self.client, "run": launched}
        self.said = {}  # what was acknowledged

    def kill(self, names):
        if "run" in names:
            os.kill(self.supervisor, signal.SIGKILL)
            self.assertTrue(wait_until(lambda: state_of(self.supervisor) in "ZX"))
        if "serve" in names:
            self.stop(self.server, signal.SIGKILL)

    def call(self, who, method, path, body, wants=200):
        status, answer = self.clients[who].call(method, path, body)
        self.assertEqual(status, wants, (who, path, body, answer))
        return answer

    def version(self, who, model, source):
        made = self.call(who, "POST", "model-versions/create", {"name": model, "source": "models:/" + source})["model_version"]
        self.assertNotIn((model, made["version"]), self.said)
        self.said[model, made["version"]] = "models:/" + source
        return made["version"]

    def experiment(self, who, name):
        """As mlflow.set_experiment does."""
        status, answer = self.clients[who].post("experiments/create", {"name": name})
        if ("experiment", name) in self.said:
            self.assertError((status, answer), 400, "RESOURCE_ALREADY_EXISTS")
            found = self.clients[who].get("experiments/get-by-name", experiment_name=name)[1]["experiment"]["experiment_id"]
            self.assertEqual(found, self.said["experiment", name])
        else:
            self.assertEqual(status, 200, answer)
            self.said["experiment", name] = answer["experiment_id"]
        return self.said["experiment", name]

    def experiment_of(self, who, run):
        status, answer = self.clients[who].get("runs/get", run_id=run)
        return answer["run"]["info"]["experiment_id"] if status == 200 else None

    def check(self, who):
        """What `who` reads is what was acknowledged, by whomever."""
        client = self.clients[who]
        for what, meant in self.said.items():
            if what[0] == "experiment":
                self.assertEqual(client.get("experiments/get-by-name", experiment_name=what[1])[1]["experiment"]["experiment_id"], meant, (who, what))
                self.assertEqual(client.get("experiments/get", experiment_id=meant)[1]["experiment"]["name"], what[1], (who, what))
            elif what[0] == "alias":
                found = client.get("registered-models/alias", name=what[1], alias=what[2])[1]["model_version"]
                self.assertEqual((found["version"], found["source"]), (meant, self.said[what[1], meant]), (who, what))
            elif what[0] == "stage":
                found = client.get("model-versions/get", name=what[1], version=what[2])[1]["model_version"]
                self.assertEqual(found["current_stage"], meant, (who, what))
            elif what[0] == "run":
                self.assertEqual(self.experiment_of(who, what[1]), meant, (who, what))
            else:
                found = client.get("model-versions/get", name=what[0], version=what[1])[1]["model_version"]
                self.assertEqual(found["source"], meant, (who, what))
        names = [one["name"] for one in client.get("experiments/search", max_results=1000, view_type="ALL")[1]["experiments"]]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual([name for name in names if "(2)" in name], [])
        versions = client.get("model-versions/search", max_results=1000)[1]["model_versions"]
        self.assertEqual({(one["name"], one["version"]) for one in versions},
                         {what for what in self.said if what[0] not in ("experiment", "alias", "stage", "run")})

    def decide(self, chance, steps):
        for step in range(steps):
            who, other = chance.sample(["serve", "run"], 2)
            model = chance.choice(["R", "S"])
            version = self.version(who, model, f"{who}-{step}")
            # The other one says something of it at once.
            alias, stage = chance.choice(["best", "last", f"of-{who}"]), chance.choice(["Production", "Staging"])
            self.call(other, "POST", "registered-models/alias", {"name": model, "alias": alias, "version": version})
            self.said["alias", model, alias] = version
            self.call(other, "POST", "model-versions/transition-stage", {"name": model, "version": version, "stage": stage, "archive_existing_versions": False})
            self.said["stage", model, version] = stage
            experiment = self.experiment(who, f"sweep {chance.randrange(5)}")
            run = self.call(other, "POST", "runs/create", {"experiment_id": experiment, "start_time": 1})["run"]["info"]["run_id"]
            self.call(other, "POST", "runs/log-metric", {"run_id": run, "key": "m", "value": step, "timestamp": 1, "step": 0})
            self.runs.append((run, experiment))

    def after(self, killed, holder):
        self.kill(KILLED[killed])
        self.release(holder)
        if "serve" in KILLED[killed]:
            self.start()
            self.clients["serve"] = self.connect()
        aside = os.path.join(self.project, ".runglass", "aside")
        self.clients["serve"].post("experiments/set-experiment-tag", {"experiment_id": "0", "key": "k", "value": "v"})  # whoever writes takes it over
        self.assertTrue(wait_until(lambda: not os.path.exists(os.path.join(aside, "catalog"))))
        for run, experiment in self.runs:
            self.said["run", run] = experiment
        for who in ("serve", "run"):
            if who == "serve" or "run" not in KILLED[killed]:
                # What the other one has kept of runs, somebody may be writing just now.
                wait_until(lambda: all(self.experiment_of(who, run) == experiment for run, experiment in self.runs), 5)
                self.check(who)
        checked = self.runglass("check")
        self.assertEqual(checked.returncode, 0, checked.stdout)

    def both(self, how, killed, seed):
        self.runs = []
        for model in ("R", "S"):
            self.call("serve", "POST", "registered-models/create", {"name": model})
        self.version("run", "R", "before")
        chance = random.Random(seed)
        holder = self.hold(how)
        self.decide(chance, 12)
        for who in self.clients:
            self.check(who)
        self.after(killed, holder)
        # And so it goes on: a number that was given is not given again.
        self.version("serve", "R", "after")

    def test_one_renames_what_the_other_puts_runs_into(self):
        """The run goes on being in the experiment of that number, and reading it waits for nobody."""
        stored = self.experiment("serve", "stored")
        in_stored = self.call("serve", "POST", "runs/create", {"experiment_id": stored, "start_time": 1})["run"]["info"]["run_id"]
        holder = self.hold("IMMEDIATE")
        made = self.experiment("serve", "made")
        in_made = self.call("serve", "POST", "runs/create", {"experiment_id": made, "start_time": 1})["run"]["info"]["run_id"]
        for number, name in ((made, "made, renamed"), (stored, "stored, renamed")):
            self.call("run", "POST", "experiments/update", {"experiment_id": number, "new_name": name})
        for _ in range(2):
            self.assertEqual(self.experiment_of("serve", in_made), made)
            self.assertEqual(self.experiment_of("serve", in_stored), stored)
            self.release(holder)
            wait_until(lambda: not os.path.exists(os.path.join(self.project, ".runglass", "aside", "catalog")))
        names = sorted(one["name"] for one in self.clients["serve"].get("experiments/search", max_results=1000, view_type="ALL")[1]["experiments"])
        self.assertEqual([name for name in names if "d" in name and name != "default"], ["made, renamed", "stored, renamed"])

    def test_nobody_is_killed(self):
        self.both("IMMEDIATE", "nobody", 1)

    def test_the_launched_one_is_killed(self):
        self.both("EXCLUSIVE", "the launched one", 2)

    def test_the_served_one_is_killed(self):
        self.both("IMMEDIATE", "the served one", 3)

    def test_both_are_killed(self):
        self.both("EXCLUSIVE", "both", 4)

    def test_one_is_killed_and_the_other_goes_on(self):
        self.runs = []
        for model in ("R", "S"):
            self.call("serve", "POST", "registered-models/create", {"name": model})
        holder = self.hold("IMMEDIATE")
        self.decide(random.Random(5), 6)
        self.kill(["serve"])
        self.start()
        self.clients["serve"] = self.connect()
        self.decide(random.Random(6), 6)
        for who in self.clients:
            self.check(who)
        self.after("the launched one", holder)

    def test_at_the_same_time(self):
        """Held and let go in turns, both number versions of one model and want the same names."""
        self.call("serve", "POST", "registered-models/create", {"name": "R"})
        answers, experiments, done = {"serve": [], "run": []}, {"serve": [], "run": []}, threading.Event()

        def decide(who):
            for number in range(60):
                made = self.clients[who].post("model-versions/create", {"name": "R", "source": f"models:/{who}-{number}"})
                answers[who].append((made[0], made[1].get("model_version", {}).get("version"), f"models:/{who}-{number}"))
                experiments[who].append((self.clients[who].post("experiments/create", {"name": f"e{number}"}), f"e{number}"))

        def disturb():
            while not done.is_set():
                holder = self.hold("IMMEDIATE")
                done.wait(0.05)
                self.release(holder)
                done.wait(0.02)

        disturbing = threading.Thread(target=disturb)
        threads = [threading.Thread(target=decide, args=(who,)) for who in answers]
        disturbing.start()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        done.set()
        disturbing.join()
        given = answers["serve"] + answers["run"]
        self.assertEqual({status for status, _, _ in given}, {200})
        self.assertEqual(sorted(int(number) for _, number, _ in given), list(range(1, 121)))
        for (first, name), (second, _) in zip(experiments["serve"], experiments["run"]):
            self.assertEqual(sorted([first[0], second[0]]), [200, 400], name)
            self.said["experiment", name] = (first if first[0] == 200 else second)[1]["experiment_id"]
        self.said.update({("R", number): source for _, number, source in given})
        self.assertTrue(wait_until(lambda: not os.path.exists(os.path.join(self.project, ".runglass", "aside", "catalog"))))
        for who in self.clients:
            self.check(who)

    def test_a_run_goes_with_its_experiment(self):
        """Deleted by the one after the other has put a run into it: the catalog is taken over first, and the run goes with it nevertheless."""
        stage = lambda: self.client.get("runs/get", run_id=run)[1].get("run", {}).get("info", {}).get("lifecycle_stage")
        self.call("run", "POST", "runs/create", {"experiment_id": "0", "start_time": 1})  # the run of the launch
        holder = self.hold("IMMEDIATE")
        doomed = self.experiment("serve", "doomed")
        run = self.call("run", "POST", "runs/create", {"experiment_id": doomed, "start_time": 1})["run"]["info"]["run_id"]
        self.call("serve", "POST", "experiments/delete", {"experiment_id": doomed})
        self.call("run", "POST", "runs/create", {"experiment_id": doomed, "start_time": 1}, wants=400)
        self.release(holder)
        self.assertTrue(wait_until(lambda: stage() == "deleted"), stage())
        self.call("run", "POST", "experiments/restore", {"experiment_id": doomed})
        self.assertEqual(stage(), "active")

    def state(self, who, run):
        """What a client reads of a run, wherever it asks."""
        client = self.clients[who]
        status, answer = client.get("runs/get", run_id=run)
        if status != 200:
            return status
        found = [one for one in client.post("runs/search", {"experiment_ids": [answer["run"]["info"]["experiment_id"]], "run_view_type": "ALL"})[1]["runs"]
                 if one["info"]["run_id"] == run]
        self.assertEqual(found, [answer["run"]], who)
        history = client.get("metrics/get-history", run_id=run, metric_key="m")[1].get("metrics", [])
        data = answer["run"]["data"]
        return {"info": answer["run"]["info"], "points": [(one["step"], one["value"]) for one in history],
                "params": {one["key"]: one["value"] for one in data.get("params", [])}, "tags": {one["key"]: one["value"] for one in data.get("tags", [])},
                "files": [one["path"] for one in client.get("artifacts/list", run_id=run)[1].get("files", [])]}

    def runs_of_both(self, how, killed):
        """Each goes on with what the other has begun, in turns; the last word counts, before and after."""
        stored = self.call("serve", "POST", "runs/create", {"experiment_id": "0", "start_time": 1})["run"]["info"]["run_id"]
        self.call("run", "POST", "runs/create", {"experiment_id": "0", "start_time": 1})  # the run of the launch
        holder = self.hold(how)
        runs = [stored] + [self.call(who, "POST", "runs/create", {"experiment_id": "0", "start_time": 2})["run"]["info"]["run_id"] for who in ("serve", "run", "serve")]
        for step in range(10):
            for number, run in enumerate(runs):
                who = ("serve", "run")[(step + number) % 2]
                self.call(who, "POST", "runs/log-metric", {"run_id": run, "key": "m", "value": step / 2, "timestamp": step, "step": step})
                self.call(who, "POST", "runs/set-tag", {"run_id": run, "key": "last", "value": f"{who} {step}"})
                self.call(who, "POST", "runs/log-parameter", {"run_id": run, "key": f"p{step}", "value": who})
                other = ("run", "serve")[(step + number) % 2]
                self.call(other, "POST", "runs/log-parameter", {"run_id": run, "key": f"p{step}", "value": "another"}, wants=400)
                self.call(who, "POST", "runs/delete", {"run_id": run})
                self.call(other, "POST", "runs/set-tag", {"run_id": run, "key": "last", "value": "of a deleted one"}, wants=400)
                self.call(other, "POST", "runs/restore", {"run_id": run})
        self.assertEqual(self.clients["run"].send("PUT", f"/api/2.0/mlflow-artifacts/artifacts/0/{runs[1]}/artifacts/note.txt", b"said")[0], 200)
        self.call("run", "POST", "runs/update", {"run_id": runs[1], "status": "FINISHED", "end_time": 77, "run_name": "named by the other"})
        before = [self.state("serve", run) for run in runs]
        self.assertEqual(before, [self.state("run", run) for run in runs])
        self.assertEqual([one["points"] for one in before], [[(step, step / 2) for step in range(10)]] * 4)
        self.assertEqual([one["tags"]["last"] for one in before], ["run 9", "serve 9", "run 9", "serve 9"])
        self.assertEqual((before[1]["info"]["status"], before[1]["info"]["run_name"], before[1]["files"]), ("FINISHED", "named by the other", ["note.txt"]))
        self.kill(KILLED[killed])
        self.release(holder)
        if "serve" in KILLED[killed]:
            self.start()
            self.clients["serve"] = self.connect()
        alive = [who for who in ("serve", "run") if who == "serve" or "run" not in KILLED[killed]]
        aside = os.path.join(self.project, ".runglass", "aside")
        for again in range(2):
            for who in alive:
                self.assertEqual([self.state(who, run) for run in runs], before, (who, again))
            self.call(alive[-1], "POST", "experiments/set-experiment-tag", {"experiment_id": "0", "key": "k", "value": "v"})  # whoever writes takes it over
            self.assertTrue(wait_until(lambda: os.listdir(aside) == []), os.listdir(aside))
        checked = self.runglass("check")
        self.assertEqual(checked.returncode, 0, checked.stdout)

    def test_runs_of_both(self):
        self.runs_of_both("IMMEDIATE", "nobody")

    def test_runs_of_both_and_the_launched_one_is_killed(self):
        self.runs_of_both("IMMEDIATE", "the launched one")

    def test_runs_of_both_and_the_served_one_is_killed(self):
        self.runs_of_both("EXCLUSIVE", "the served one")

    def test_runs_of_both_and_both_are_killed(self):
        self.runs_of_both("IMMEDIATE", "both")

    def test_one_deletes_the_experiment_of_the_others_runs(self):
        stage = lambda who, run: self.clients[who].get("runs/get", run_id=run)[1]["run"]["info"]["lifecycle_stage"]
        begin = lambda who, experiment: self.call(who, "POST", "runs/create", {"experiment_id": experiment, "start_time": 1})["run"]["info"]["run_id"]
        begin("run", "0")  # the run of the launch
        known = self.experiment("serve", "known")
        trashed, taken_out = begin("serve", known), begin("serve", known)
        holder = self.hold("IMMEDIATE")
        fresh, kept = begin("serve", known), begin("run", known)
        self.call("serve", "POST", "runs/delete", {"run_id": trashed})
        self.call("serve", "POST", "runs/delete", {"run_id": taken_out})
        self.call("run", "POST", "runs/restore", {"run_id": taken_out})
        self.call("run", "POST", "experiments/delete", {"experiment_id": known})
        for _ in range(2):
            for who in ("serve", "run"):
                self.assertEqual([stage(who, run) for run in (trashed, taken_out, fresh, kept)], ["deleted"] * 4, who)
            self.call("serve", "POST", "runs/log-metric", {"run_id": kept, "key": "m", "value": 1, "timestamp": 1, "step": 0}, wants=400)
            self.release(holder)
            wait_until(lambda: os.listdir(os.path.join(self.project, ".runglass", "aside")) == [])
        self.call("serve", "POST", "experiments/restore", {"experiment_id": known})
        for who in ("serve", "run"):
            self.assertEqual([stage(who, run) for run in (trashed, taken_out, fresh, kept)], ["deleted", "active", "active", "active"], who)

    def test_one_that_is_stopped_does_not_stop_the_other(self):
        """The lock is had for the moment of a decision, and goes with its process."""
        self.call("serve", "POST", "registered-models/create", {"name": "R"})
        holder = self.hold("IMMEDIATE")
        self.version("run", "R", "first")
        os.kill(self.supervisor, signal.SIGSTOP)
        try:
            self.assertEqual(self.version("serve", "R", "second"), "2")
        finally:
            os.kill(self.supervisor, signal.SIGCONT)
        self.release(holder)
        self.check("run")


if __name__ == "__main__":
    unittest.main()
