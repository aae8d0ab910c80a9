"""All models of the fair, from the rooms that define them. One Django app, one line of migrations."""

from serai.expo.base.rooms import layer

layer("models")
