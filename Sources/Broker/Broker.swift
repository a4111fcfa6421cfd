internal import Hummingbird
internal import NIOSSL
internal import Crypto
internal import ConnectorKit
