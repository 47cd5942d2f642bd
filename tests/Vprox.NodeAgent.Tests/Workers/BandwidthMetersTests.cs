using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Vprox.Addressing;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Tests.Given;
using Vprox.NodeAgent.Workers;

namespace Vprox.NodeAgent.Tests.Workers;

public sealed class BandwidthMetersTests
{
    // No other test has it: the meters of all are heard here.
    private const int Slot = 77;

    [Fact]
    public void Traffic_is_told_for_each_address_and_direction()
    {
        var state = new NodeState(Some.Node);
        state.Take(Some.Placement(Slot, 1), confirmed: false, Some.Now);
        var port = AddressLayout.ListenPorts.First + Slot;
        var kernel = new RecordingDataPlane { Traffic = [new(port, true, 1_000, 2, 0), new(port, false, 500, 1, 3), new(65_535, true, 9, 9, 9)], FirewallDrops = { ["foreign_source_77"] = 4 } };
        using var meters = new BandwidthMeters(state, kernel, TimeProvider.System, NullLogger<BandwidthMeters>.Instance);
        var heard = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name.StartsWith("vprox.node.address.", StringComparison.Ordinal) || instrument.Name == "vprox.node.firewall.drops")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            heard.Add($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))} {value}"));
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.Equal(
            [
                "vprox.node.address.bytes 192.0.2.78 egress 1000", "vprox.node.address.bytes 192.0.2.78 ingress 500",
                "vprox.node.address.drops 192.0.2.78 egress 0", "vprox.node.address.drops 192.0.2.78 ingress 3",
                "vprox.node.address.packets 192.0.2.78 egress 2", "vprox.node.address.packets 192.0.2.78 ingress 1",
            ],
            heard.Where(line => line.Contains(" 192.0.2.78 ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("vprox.node.firewall.drops foreign_source_77 4", heard);
    }
}
