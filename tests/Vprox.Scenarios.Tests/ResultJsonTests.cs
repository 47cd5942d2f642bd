using Vprox.Scenarios.Results;

namespace Vprox.Scenarios.Tests;

public sealed class ResultJsonTests
{
    [Fact]
    public void The_report_is_as_programs_read_it()
    {
        var run = new RunResult
        {
            Steps = new Timeline { Suspected = 701.26, Confirmed = 760, Placed = 801.04, Moved = 1150, Handshake = 1200.5, FirstByte = 1260 },
            Echo = new FlowOutcome(100, 100, 1310.04),
            Push = new FlowOutcome(100, 99, 30_000),
            Udp = new FlowOutcome(20, 20, 1290),
            WrongSourcePackets = 0,
            Figures = new Dictionary<string, double> { ["EC2 calls"] = 8 },
        };
        Assert.Equal("""
            {
              "scenarios": [
                {
                  "name": "host-dead",
                  "runs": [
                    {
                      "steps_ms": {
                        "suspected": 701.3,
                        "confirmed": 760,
                        "placed": 801,
                        "moved": 1150,
                        "handshake": 1200.5,
                        "first_byte": 1260
                      },
                      "flows": {
                        "echo": {
                          "total": 100,
                          "survived": 100,
                          "longest_gap_ms": 1310
                        },
                        "push": {
                          "total": 100,
                          "survived": 99,
                          "longest_gap_ms": 30000
                        },
                        "udp": {
                          "total": 20,
                          "survived": 20,
                          "longest_gap_ms": 1290
                        }
                      },
                      "wrong_source_packets": 0
                    }
                  ]
                }
              ]
            }
            """, ResultJson.Text([new ScenarioResult("host-dead", [run])]));
    }

    [Fact]
    public void A_step_that_did_not_happen_is_null()
    {
        var text = ResultJson.Text([new ScenarioResult("bus-cut", [RunResult.Failed("the lab did not start", null)])]);
        foreach (var (name, _) in new Timeline().Steps)
            Assert.Contains($"\"{name}\": null", text);
    }
}
