"""The conformance suite of the ASP.NET Core Module: one named test for each row of the reference's table that applies.

`hosted.py` puts applications behind a running host, `backend.py` is an application that misbehaves as it is asked,
`rows.py` names the rows that do not apply and why, `score` counts.
"""
