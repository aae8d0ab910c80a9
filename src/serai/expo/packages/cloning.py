"""Packages are copied to a new edition, with no exhibitor that has one."""

from serai.expo.editions.cloning import copied
from serai.expo.packages.models import Package

copied(Package, "packages")
