class Client:
    def __init__(self,b): pass
