using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vprox.Addressing;
using Vprox.Contracts;
using Vprox.NodeAgent.Adapters.Kernel;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.Placements;
using Vprox.NodeAgent.Tests.Given;
using Vprox.NodeAgent.Workers;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>Tunnels that share ports use them up, in this kernel.</summary>
public sealed class SharedPortsTests
{
    private const ushort Port = 443;

    // Nobody answers there, and nobody says so.
    private static readonly IPAddress Silent = Ipv4.Parse("203.0.113.99");

    [Fact]
    public async Task When_shared_ports_run_out_a_metric_an_event_and_a_log_line_name_the_tunnel()
    {
        using var lab = new ShapingLab();
        NodeLab.Ip(lab.Lab.Internet, $"route add blackhole {Silent}");
        var address = await lab.ConnectSharingAsync(0, tunnels: 2);
        await lab.ApplyAsync(address);
        var (greedy, modest) = (address.Peers[0], address.Peers[1]);
        var state = new NodeState(Some.Node);
        state.Take(Placement(address), confirmed: false, Some.Now);
        var (bus, log, gauge) = (new RecordingBus(), new Lines(), new List<string>());
        using var flows = lab.Lab.Node.Run(() => new LinuxFlowTable());
        using var meters = new NodeMeters(state);
        using var events = new EventQueue(bus, bus, NullLogger<EventQueue>.Instance);
        using var watch = new SharedPortWatch(state, flows, events, meters, TimeProvider.System, log);
        using var listener = Listen(gauge);
        await events.StartAsync(CancellationToken.None);
        await watch.StartAsync(CancellationToken.None);

        for (var begun = Stopwatch.StartNew(); !bus.Of<PortsExhausted>().Any() && begun.Elapsed < TimeSpan.FromSeconds(60);)
        {
            await SendSynsAsync(lab, greedy.InnerAddresses[0], 9_000);
            await SendSynsAsync(lab, modest.InnerAddresses[0], 3_000);
        }

        var said = Assert.Single(bus.Of<PortsExhausted>());
        Assert.Equal((Some.Node, "proxy-0", $"{address.Address}", ""), (said.NodeId, said.ProxyId, said.Address, said.WorkerId));
        Assert.Equal(($"{greedy.PublicKey}", $"{greedy.InnerAddresses[0]}"), (said.PublicKey, said.InnerAddress));
        Assert.Equal(($"{Silent}:{Port}/tcp", 8192), (said.Destination, said.Ports));
        Assert.InRange(said.UsedPorts, 6_144, 8_192);
        Assert.InRange(said.DroppedPackets, 1, long.MaxValue);
        Assert.Contains($"peer {greedy.PublicKey} at {greedy.InnerAddresses[0]} held most", Assert.Single(log), StringComparison.Ordinal);
        await Eventually.TrueAsync(() =>
        {
            listener.RecordObservableInstruments();
            return gauge.Contains($"{address.Address} {greedy.PublicKey} {greedy.InnerAddresses[0]} 1");
        }, "the metric names it");
        await watch.StopAsync(CancellationToken.None);
        await events.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_connection_without_an_answer_gives_its_shared_port_back_after_ten_seconds()
    {
        using var lab = new ShapingLab();
        NodeLab.Ip(lab.Lab.Internet, $"route add blackhole {Silent}");
        var address = await lab.ConnectSharingAsync(0, tunnels: 1);
        await lab.ApplyAsync(address);
        using var flows = lab.Lab.Node.Run(() => new LinuxFlowTable());

        await SendSynsAsync(lab, address.Peers[0].InnerAddresses[0], 1);

        await Eventually.TrueAsync(() => Count() == 1, "the flow is there");
        await Eventually.TrueAsync(() => Count() == 0, "the flow has gone");

        int Count()
        {
            var count = 0;
            flows.Visit(flow => count += flow.Reply.RemoteAddress == Ipv4.ToUInt32(Silent) ? 1 : 0);
            return count;
        }
    }

    private static async Task SendSynsAsync(ShapingLab lab, IPAddress from, int count)
    {
        using var socket = lab.Lab.WorkerHost.Run(() =>
        {
            var made = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Tcp) { SendBufferSize = 1 << 20 };
            made.Bind(new IPEndPoint(from, 0));
            return made;
        });
        for (var port = 0; port < count; port++)
        {
            await socket.SendToAsync(ForgedPackets.Syn(from, (ushort)(10_000 + port), Silent, Port, 1_360), new IPEndPoint(Silent, 0));
            // What is sent faster than it is encrypted, is lost.
            if (port % 100 == 99)
                await Task.Delay(5);
        }
    }

    private static Placement Placement(DesiredAddress address)
    {
        var message = Some.Message(0, 1, peers: [.. address.Peers.Select(peer => new PlacedPeer { PublicKey = $"{peer.PublicKey}", InnerAddresses = [.. peer.InnerAddresses.Select(inner => $"{inner}")] })]) with
        {
            Address = $"{address.Address}",
            PrivateAddress = $"{address.PrivateAddress}",
            ListenPort = address.ListenPort,
            InnerSubnet = $"{address.Inner}",
        };
        return PlacementParser.TryParse(message, out var placement, out var error) ? placement : throw new ArgumentException(error);
    }

    private static MeterListener Listen(List<string> into)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "vprox.node.ports.exhausted")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) => into.Add($"{string.Join(' ', tags.ToArray().Select(tag => tag.Value))} {value}"));
        listener.Start();
        return listener;
    }

    private sealed class Lines : System.Collections.Concurrent.ConcurrentQueue<string>, ILogger<SharedPortWatch>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Enqueue(formatter(state, exception));
    }
}
