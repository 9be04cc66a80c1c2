"""A perceptron with one hidden layer, its gradients written out by hand."""

import numpy as np


def softmax(logits):
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def cross_entropy(probabilities, labels):
    return -np.log(probabilities[np.arange(len(labels)), labels] + 1e-12).mean()


class Perceptron:
    def __init__(self, inputs, hidden, outputs, rng):
        self.parameters = {
            "w1": rng.normal(0, np.sqrt(2 / inputs), (inputs, hidden)),
            "b1": np.zeros(hidden),
            "w2": rng.normal(0, np.sqrt(2 / hidden), (hidden, outputs)),
            "b2": np.zeros(outputs),
        }

    def forward(self, images):
        p = self.parameters
        hidden = np.maximum(images @ p["w1"] + p["b1"], 0)
        return hidden, softmax(hidden @ p["w2"] + p["b2"])

    def gradients(self, images, labels):
        """Loss of the batch and the gradient of each parameter."""
        hidden, probabilities = self.forward(images)
        loss = cross_entropy(probabilities, labels)
        error = probabilities.copy()
        error[np.arange(len(labels)), labels] -= 1
        error /= len(labels)
        back = (error @ self.parameters["w2"].T) * (hidden > 0)
        return loss, {"w1": images.T @ back, "b1": back.sum(axis=0),
                      "w2": hidden.T @ error, "b2": error.sum(axis=0)}

    def evaluate(self, images, labels):
        probabilities = self.forward(images)[1]
        return cross_entropy(probabilities, labels), (probabilities.argmax(axis=1) == labels).mean()
