"""A form that never lets an identity number through."""


class PrivateTextMixin:  # replaced by the real check
    pass


class PrivateAdminMixin:
    pass
