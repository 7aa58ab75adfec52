"""Template tags and filters that know no domain."""

from django import template

register = template.Library()
