"""Facts: who did what to which, when, where and on which rung. Never changed, never removed."""

from django.db import models


class Fact(models.Model):
    """One thing that happened. Holds labels and keys, no foreign keys and no personal text."""

    at = models.DateTimeField(auto_now_add=True)
    municipality = models.CharField(max_length=6, null=True)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    actor = models.CharField(max_length=60)
    area = models.CharField(max_length=40, blank=True)
    rung = models.CharField(max_length=12, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["municipality", "verb", "at"]),
            models.Index(fields=["subject", "subject_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.subject} {self.subject_id}"
