using Vprox.Netlink;
using Vprox.Nftables;
using Vprox.Sysctl;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Adapters.Kernel;
using Vprox.WorkerAgent.Core;

namespace Vprox.Cli.Connect;

/// <summary>One client's interface in the kernel, in the network namespace it was opened in.</summary>
internal sealed class ClientInterface(string name, WireGuardBackend backend) : IDisposable
{
    private const int HostPrefix = 32;

    private readonly RouteNetlink _route = RouteNetlink.Open();
    private readonly Nft _nft = new();
    private readonly IWireGuardClient _wireGuard = WireGuardClient.Open(backend);
    private string? _ruleset;
    private string? _rulesetPrint;
    private bool? _shortTimeWait;

    /// <summary>"kernel" or "userspace".</summary>
    public string Backend => _wireGuard.Backend;

    /// <summary>Whether there is an interface of this name.</summary>
    public bool Exists => _route.Link(name) is not null;

    /// <summary>The interface's WireGuard side; null when there is none.</summary>
    public Task<Device?> DeviceAsync(CancellationToken cancellationToken) => _wireGuard.GetAsync(name, cancellationToken);

    /// <summary>Says why an interface of this name is not ours to use; null when there is none, or it is this key's from an earlier run.</summary>
    public async Task<string?> WhyNotOursAsync(WireGuardPrivateKey key, CancellationToken cancellationToken)
    {
        if (!Exists)
            return null;
        var device = await DeviceAsync(cancellationToken).ConfigureAwait(false);
        return device is not null && (device.PrivateKey is null || device.PrivateKey.Equals(key)) ? null
            : $"there is a network interface {name} that is not this client's; choose another --interface, or remove it: ip link delete {name}";
    }

    /// <summary>Makes the interface what it shall be.</summary>
    /// <returns>What was done; empty when nothing was to do.</returns>
    public async Task<IReadOnlyList<ClientStep>> SetAsync(DesiredTunnel tunnel, CancellationToken cancellationToken)
    {
        _shortTimeWait ??= RulesetInForce.TakesConntrackTimeouts(_nft);
        var ruleset = ClientRuleset.Render(name, tunnel, _shortTimeWait.Value);
        var steps = ClientPlanner.Plan(tunnel, ruleset, await ReadAsync(cancellationToken).ConfigureAwait(false));
        foreach (var step in steps)
            await ApplyAsync(step, cancellationToken).ConfigureAwait(false);
        return steps;
    }

    /// <summary>Forgets the session, so that the next packet begins a new one.</summary>
    public Task RenewAsync(DesiredTunnel tunnel, CancellationToken cancellationToken) => _wireGuard.ConfigureAsync(name, DevicePlan.Renew(tunnel), cancellationToken);

    /// <summary>Removes the interface and its table.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await _wireGuard.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
        var table = ClientRuleset.Table(name);
        _nft.Run($"table inet {table}\ndelete table inet {table}\n");
        _ruleset = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _wireGuard.Dispose();
        _nft.Dispose();
        _route.Dispose();
    }

    private async Task<ObservedClient> ReadAsync(CancellationToken cancellationToken)
    {
        var ruleset = _rulesetPrint is not null && Print() == _rulesetPrint ? _ruleset : null;
        if (_route.Link(name) is not { } link)
            return new ObservedClient(false, false, 0, false, [], null, ruleset);
        return new ObservedClient(
            true, link.IsUp, link.Mtu, SysctlFiles.Read($"net/ipv4/conf/{name}/rp_filter") == "2",
            [.. _route.Addresses().Where(address => address.LinkIndex == link.Index).Select(address => address.Address)],
            await DeviceAsync(cancellationToken).ConfigureAwait(false), ruleset);
    }

    private async Task ApplyAsync(ClientStep step, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case ClientStep.ReplaceRuleset replace:
                _nft.Run(replace.Text);
                (_ruleset, _rulesetPrint) = (replace.Text, Print());
                break;
            case ClientStep.Create:
                await _wireGuard.CreateAsync(name, cancellationToken).ConfigureAwait(false);
                break;
            case ClientStep.Configure configure:
                await _wireGuard.ConfigureAsync(name, configure.Config, cancellationToken).ConfigureAwait(false);
                break;
            case ClientStep.Raise raise:
                SysctlFiles.Write($"net/ipv4/conf/{name}/rp_filter", "2");
                _route.Execute(new SetLink(name) { Mtu = raise.Mtu, Up = true });
                break;
            case ClientStep.AddAddress add:
                _route.Execute(new AddAddress(Index(), add.Address, HostPrefix) { Protocol = RouteProtocol.Vprox });
                break;
            case ClientStep.DeleteAddress delete:
                _route.Execute(new DeleteAddress(Index(), delete.Address, HostPrefix));
                break;
            default:
                throw new InvalidOperationException($"no way to carry out {step.GetType().Name}");
        }
    }

    private int Index() => _route.Link(name)?.Index ?? throw new NetlinkException($"ip link show dev {name}: it is gone");

    // nft prints a ruleset in other words than it was given, so what is compared is the print.
    private string? Print()
    {
        try
        {
            return _nft.Text($"list table inet {ClientRuleset.Table(name)}");
        }
        catch (NftException)
        {
            return null;
        }
    }
}
