import ConnectorKit

/// A connector file that uses every key.
enum GoodConnector {
    static let text = #"""
        # connectors/github-incident-to-ticket.yaml
        connector: github-incident-to-ticket
        description: Opens a ticket when an issue is labelled "incident".
        owner: platform-integrations
        runbook: docs/runbooks/github-incident-to-ticket.md

        from:
          kafka: { topic: github.issues, start: latest }
        contract: github.issues@v2
        on_violation: dead_letter
        dedupe: { key: header.ce_id, window: 1d }

        steps:
          - filter: '.action == "labeled" and .label.name == "incident"'
          - map: '{title: .issue.title, url: .issue.html_url, severity: "high"}'

        to:
          - when: .severity == "high"
            http:
              url: ${env:TICKETS_URL}/api/tickets
              method: PUT
              headers: { Authorization: "Bearer ${secret:tickets-token}", X-Team: a }
              idempotency_key: false
              batch: { max: 100, within: 1s }
          - kafka: { topic: low, key: .id }

        delivery:
          order: partition
          in_flight: 1
          retry: { attempts: 3, initial: 1s, max: 2s, jitter: none, within: 1h }
          timeout: 250ms
          rate_limit: 50/m
          dead_letter: none
        slo: { success: 99.9%, latency_p95: 500ms }

        tests:
          - name: a labelled incident becomes one ticket
            input:
              - { file: fixtures/issue-labeled.json, headers: { ce_id: a1 }, key: k, times: 2 }
              - { base64: aGk= }
              - { tombstone: true }
              - { json: { id: 12345678901234567890, ok: yes } }
            faults: [ { sink: 503, times: 2, retry_after: 5s }, { sink: hang } ]
            expect:
              delivered: 1
              duplicate: 1
              filtered: 1
              dead_lettered: { decode: 1, target_4xx: 1 }
              requests: [ { json_contains: { severity: high }, headers: { X-Team: a } } ]
              records: [ { topic: low, key: k, json_equals: [ 1, ~ ] } ]

        """#
}
