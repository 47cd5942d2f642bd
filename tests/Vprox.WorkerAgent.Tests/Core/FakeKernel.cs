using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

/// <summary>A kernel of values: carries out steps as Linux does, and says which containers could leak.</summary>
internal sealed class FakeKernel
{
    private readonly Dictionary<int, ObservedInterface> _interfaces = [];
    private readonly List<ContainerRule> _rules = [];
    private readonly List<TunnelRoute> _routes = [];
    private bool _forwarding;

    public Ruleset? Ruleset { get; private set; }

    public ObservedWorker Observed => new()
    {
        Ruleset = Ruleset,
        Forwarding = _forwarding,
        Interfaces = [.. _interfaces.Values],
        Rules = [.. _rules],
        Routes = [.. _routes],
        ForeignSlots = new HashSet<int>(),
    };

    /// <summary>Makes desired of observed, as the agent does.</summary>
    public void Reach(DesiredWorker desired, int steps = int.MaxValue)
    {
        foreach (var step in WorkerPlanner.Plan(desired, Observed).Take(steps))
            Apply(step);
    }

    public void Apply(WorkerStep step)
    {
        switch (step)
        {
            case WorkerStep.ReplaceRuleset replace: Ruleset = replace.Ruleset; break;
            case WorkerStep.RemoveRuleset: Ruleset = null; break;
            case WorkerStep.EnableForwarding: _forwarding = true; break;
            case WorkerStep.CreateInterface create:
                _interfaces[create.Slot] = new ObservedInterface
                {
                    Slot = create.Slot, Up = false, Mtu = 1420, LooseReversePath = false, Addresses = [],
                    Device = new Device { Name = TunnelNames.Interface(create.Slot), ListenPort = 1, FirewallMark = 0, Peers = [] },
                };
                break;
            case WorkerStep.ConfigureDevice configure: Change(configure.Slot, each => each with { Device = Configured(each.Device!, configure.Config) }); break;
            case WorkerStep.RaiseInterface raise: Change(raise.Slot, each => each with { Up = true, Mtu = raise.Mtu, LooseReversePath = true }); break;
            case WorkerStep.AddAddress add: Change(add.Slot, each => each with { Addresses = [.. each.Addresses, add.Address] }); break;
            case WorkerStep.DeleteAddress delete: Change(delete.Slot, each => each with { Addresses = [.. each.Addresses.Where(address => !address.Equals(delete.Address))] }); break;
            case WorkerStep.AddRoute add:
                Assert.True(add.Route.Slot is not { } slot || _interfaces[slot].Up, $"{add} over an interface that is down");
                _routes.Add(add.Route);
                break;
            case WorkerStep.DeleteRoute delete: Assert.True(_routes.Remove(delete.Route)); break;
            case WorkerStep.AddRule add: _rules.Add(add.Rule); break;
            case WorkerStep.DeleteRule delete: Assert.True(_rules.Remove(delete.Rule)); break;
            case WorkerStep.DeleteInterface delete:
                Assert.True(_interfaces.Remove(delete.Slot));
                _routes.RemoveAll(route => route.Slot == delete.Slot);
                break;
            default: Assert.Fail($"unknown step {step}"); break;
        }
    }

    /// <summary>Addresses with a rule that the ruleset does not hold: they would leave by the main table when their tunnel's table is empty.</summary>
    public IEnumerable<string> Unguarded() => _rules.Select(rule => rule.From.Network.ToString()).Where(ip => !IsHeld(ip));

    public bool IsHeld(string ip) => Ruleset is not null && Ruleset.Sets.Single(set => set.Set == "containers").Elements.Contains(ip);

    private void Change(int slot, Func<ObservedInterface, ObservedInterface> change) => _interfaces[slot] = change(_interfaces[slot]);

    private static Device Configured(Device device, DeviceConfig config)
    {
        var peers = device.Peers.ToDictionary(peer => peer.PublicKey);
        foreach (var change in config.Peers)
        {
            if (change.Remove)
                peers.Remove(change.PublicKey);
            else
                peers[change.PublicKey] = new Peer { PublicKey = change.PublicKey, Endpoint = change.Endpoint, AllowedIps = change.AllowedIps };
        }
        return device with { PrivateKey = config.PrivateKey ?? device.PrivateKey, Peers = [.. peers.Values] };
    }
}
