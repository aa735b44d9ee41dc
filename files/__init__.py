"""Uploads: what members bring as files, and how it is kept, shown and forgotten.

Owns the rows and bytes of uploads, their resumable transfer, thumbnails and quotas. Knows people as
`settings.AUTH_USER_MODEL` only; who may read a file says the app that it belongs to.
"""
