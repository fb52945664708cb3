"""What a reseller would build instead: tenants over Django REST framework's generic views.

`djangorestframework-api-key`, which the benchmark's reader installs, two of the framework's
throttles, its pages and its serializers; the middleware of `startproject`; PostgreSQL and Redis
as ours has them.
"""
