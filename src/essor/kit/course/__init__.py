"""The short course: ten lessons, a quiz each, one's own progress, an attestation, who followed it in numbers."""
