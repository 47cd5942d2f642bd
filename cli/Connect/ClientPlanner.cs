using System.Net;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.Cli.Connect;

/// <summary>A client's interface as the kernel has it.</summary>
/// <param name="Exists">False when there is none; then the rest says nothing.</param>
/// <param name="IsUp">Whether it is up.</param>
/// <param name="Mtu">Its MTU.</param>
/// <param name="LooseReversePath">Whether rp_filter is 2: answers arrive from everywhere.</param>
/// <param name="Addresses">Its addresses.</param>
/// <param name="Device">Its WireGuard side; null when it has none.</param>
/// <param name="Ruleset">The nft table as it was given to the kernel last; null when it is not in force.</param>
internal sealed record ObservedClient(
    bool Exists, bool IsUp, int Mtu, bool LooseReversePath, IReadOnlyList<IPAddress> Addresses, Device? Device, string? Ruleset);

/// <summary>From what shall be and what is to the steps between. Adds come before removes, the rules before what they are for. Pure.</summary>
internal static class ClientPlanner
{
    /// <summary>The steps; none when all is as it shall be.</summary>
    public static IReadOnlyList<ClientStep> Plan(DesiredTunnel tunnel, string ruleset, ObservedClient observed)
    {
        var steps = new List<ClientStep>();
        if (observed.Ruleset != ruleset)
            steps.Add(new ClientStep.ReplaceRuleset(ruleset));
        var addresses = observed.Exists ? observed.Addresses : [];
        if (!observed.Exists)
            steps.Add(new ClientStep.Create());
        if (DevicePlan.Change(tunnel, observed.Exists ? observed.Device : null) is { } change)
            steps.Add(new ClientStep.Configure(change));
        // The first inner address is the interface's own. What leaves with the others is translated, and so is what comes back.
        var own = tunnel.InnerAddresses[0];
        if (!addresses.Contains(own))
            steps.Add(new ClientStep.AddAddress(own));
        if (observed is not { Exists: true, IsUp: true, LooseReversePath: true } || observed.Mtu != tunnel.Mtu)
            steps.Add(new ClientStep.Raise(tunnel.Mtu));
        steps.AddRange(addresses.Where(address => !address.Equals(own)).Select(address => new ClientStep.DeleteAddress(address)));
        return steps;
    }
}
