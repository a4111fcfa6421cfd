/// Two subjects: `orders` with three versions that refer to `address`, the last written as the first one.
enum Fixture {
    static let files = [
        "orders/subject.yaml": "owner: shop\ncompatibility: full_transitive\n",
        "orders/v1.json": #"""
        {
          "type": "object",
          "properties": { "to": { "$ref": "../common.address/v1.json#/properties/street" }, "n": { "maximum": 1.50 } }
        }
        """#,
        "orders/v2.json": #"{"type":"object","required":["to"]}"#,
        "common.address/subject.yaml": "owner: shop\n",
        "common.address/v1.json": #"{ "type": "object", "properties": { "street": { "type": "string" } } }"#,
        "empty/subject.yaml": "owner: shop\ncompatibility: none\n",
        "empty/v1.json": #"{"type":"object","required":["to"]}"#,
    ]

    static let ordersV1 =
        #"{"type":"object","properties":{"to":{"$ref":"../common.address/v1.json#/properties/street"},"n":{"maximum":1.50}}}"#
    static let ordersV2 = #"{"type":"object","required":["to"]}"#
}
