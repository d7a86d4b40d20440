"""How staff come in: django-allauth behind `/admin/`, on pages of the portal's own (docs/decisions/0018).

It knows no role: who may come in, and of whom a second factor is demanded, a backend is asked (``user.has_perm``).
"""
