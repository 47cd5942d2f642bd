using System.Collections.Concurrent;
using System.Net;
using Vprox.Addressing;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Counting;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.Given;

/// <summary>A data plane in memory, for tests whose subject is not the kernel: it holds interfaces and peers as asked for and keeps what was asked.</summary>
internal sealed class RecordingDataPlane : INodeDataPlane
{
    private readonly ConcurrentDictionary<int, Device> _devices = new();

    public string WireGuardBackend => "memory";

    public IReadOnlyList<string> ShapingFlaws { get; set; } = [];

    /// <summary>What the metrics are told.</summary>
    public IReadOnlyList<AddressTraffic> Traffic { get; set; } = [];

    public Dictionary<string, ulong> FirewallDrops { get; } = [];

    public NodeTraffic CountTraffic() => new(Traffic, FirewallDrops);

    /// <summary>What every round asked for; the last one is what holds.</summary>
    public ConcurrentQueue<DesiredNode> Applied { get; } = new();

    /// <summary>Completes when peers may be set; completed unless a test holds them up.</summary>
    public Task MaySetPeers { get; set; } = Task.CompletedTask;

    public uint? RulesetGeneration => null;

    /// <summary>Whether somebody undoes the ruleset before a round.</summary>
    public bool Undone { get; set; }

    /// <summary>Thrown by every change while set.</summary>
    public string? Refusal { get; set; }

    /// <summary>Addresses that the kernel does not take, each with its words.</summary>
    public ConcurrentDictionary<IPAddress, string> Refused { get; } = new();

    public IReadOnlyList<Device> Devices => [.. _devices.Values.OrderBy(device => device.ListenPort)];

    public void Set(Device device) => _devices[device.ListenPort] = device;

    public Task<IReadOnlyList<Device>> ReadDevicesAsync(CancellationToken cancellationToken) => Task.FromResult(Devices);

    /// <summary>What arrived out of turn.</summary>
    public ConcurrentQueue<DesiredNode> ArrivedAtOnce { get; } = new();

    /// <summary>Initiations that were asked for.</summary>
    public ConcurrentQueue<(int ListenPort, WireGuardKey Key, bool Anew, IReadOnlyList<IPAddress> Inner)> Handshakes { get; } = new();

    /// <summary>Completes when a round may go on after its first step; completed unless a test holds it up.</summary>
    public Func<Task> AfterFirstStep { get; set; } = () => Task.CompletedTask;

    public Task<Device?> ReadDeviceAsync(int listenPort, CancellationToken cancellationToken) => Task.FromResult(_devices.GetValueOrDefault(listenPort));

    public Task<KernelRefusals> ArriveAsync(DesiredNode desired, CancellationToken cancellationToken)
    {
        ThrowIfRefused();
        ArrivedAtOnce.Enqueue(desired);
        return Task.FromResult(RefusalsOf(desired));
    }

    public Task StartHandshakesAsync(int listenPort, IReadOnlyList<DesiredPeer> peers, bool anew, CancellationToken cancellationToken)
    {
        foreach (var peer in peers)
            Handshakes.Enqueue((listenPort, peer.PublicKey, anew, peer.InnerAddresses));
        return Task.CompletedTask;
    }

    public async Task<KernelRound> ApplyAsync(DesiredNode desired, Func<Task> betweenSteps, CancellationToken cancellationToken)
    {
        ThrowIfRefused();
        var steps = new List<string>();
        foreach (var address in desired.Addresses)
        {
            var before = _devices.GetValueOrDefault(address.ListenPort);
            var device = new Device
            {
                Name = $"vp{address.ListenPort}",
                PrivateKey = address.PrivateKey,
                ListenPort = address.ListenPort,
                FirewallMark = 0,
                Peers = [.. address.Peers.Select(peer => ToPeer(peer, before))],
            };
            if (before is null || !before.Peers.Select(peer => peer.PublicKey).SequenceEqual(device.Peers.Select(peer => peer.PublicKey)))
                steps.Add($"set {device.Name}");
            _devices[address.ListenPort] = device;
        }
        foreach (var port in _devices.Keys.Except(desired.Addresses.Select(address => address.ListenPort)))
        {
            _devices.TryRemove(port, out _);
            steps.Add($"deleted vp{port}");
        }
        Applied.Enqueue(desired);
        for (var wait = AfterFirstStep(); !wait.IsCompleted; await Task.Delay(1, cancellationToken))
            await betweenSteps();
        await betweenSteps();
        return new KernelRound(steps, Undone ? ["set the nft table"] : [], Undone, Devices) { Refusals = RefusalsOf(desired) };
    }

    /// <summary>How many peers each write set.</summary>
    public ConcurrentQueue<int> Written { get; } = new();

    public async Task SetPeersAsync(int listenPort, IReadOnlyList<DesiredPeer> peers, CancellationToken cancellationToken)
    {
        await MaySetPeers;
        ThrowIfRefused();
        Written.Enqueue(peers.Count);
        var device = _devices[listenPort];
        var keys = peers.Select(peer => peer.PublicKey).ToHashSet();
        _devices[listenPort] = device with
        {
            Peers = [.. device.Peers.Where(known => !keys.Contains(known.PublicKey)), .. peers.Select(peer => ToPeer(peer with { Endpoint = null }, device))],
        };
    }

    public Task RemovePeersAsync(int listenPort, IReadOnlyList<WireGuardKey> publicKeys, CancellationToken cancellationToken)
    {
        ThrowIfRefused();
        if (_devices.TryGetValue(listenPort, out var device))
            _devices[listenPort] = device with { Peers = [.. device.Peers.Where(known => !publicKeys.Contains(known.PublicKey))] };
        return Task.CompletedTask;
    }

    public Task TeardownAsync(CancellationToken cancellationToken)
    {
        _devices.Clear();
        return Task.CompletedTask;
    }

    private static Peer ToPeer(DesiredPeer peer, Device? before) => new()
    {
        PublicKey = peer.PublicKey,
        Endpoint = peer.Endpoint,
        LastHandshake = before?.Peers.FirstOrDefault(known => known.PublicKey == peer.PublicKey)?.LastHandshake,
        AllowedIps = [.. peer.InnerAddresses.Select(Ipv4Prefix.Host)],
    };

    private KernelRefusals RefusalsOf(DesiredNode desired) =>
        new(desired.Addresses.Select(address => address.Address).Where(Refused.ContainsKey).ToDictionary(address => address, address => Refused[address]), []);

    private void ThrowIfRefused()
    {
        if (Refusal is { } words)
            throw new WireGuardException(words);
    }
}
