package import Kafka
package import LocalStack

extension LocalBroker {
    /// How clients reach it.
    package var client: ClientConfiguration {
        ClientConfiguration(brokers: [address])
    }
}
