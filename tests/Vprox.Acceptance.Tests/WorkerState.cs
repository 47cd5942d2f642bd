using System.Net;
using System.Text.Json.Nodes;
using Vprox.Lab.Probes;
using Vprox.Lab.Topology;
using Vprox.Nftables;

namespace Vprox.Acceptance.Tests;

/// <summary>What a worker's kernel holds for containers.</summary>
internal static class WorkerState
{
    /// <summary>Addresses that are closed to all ways but a tunnel.</summary>
    public static IReadOnlySet<string> Held(LabWorker worker)
    {
        try
        {
            return worker.Nft.Json("list set inet vprox_worker containers")
                .Select(element => element["set"]?["elem"]).OfType<JsonArray>().SelectMany(elements => elements).Select(ip => ip!.ToString()).ToHashSet();
        }
        catch (NftException)
        {
            // No table yet.
            return new HashSet<string>();
        }
    }

    /// <summary>Waits until an address is held.</summary>
    public static Task HoldsAsync(LabWorker worker, IPAddress ip, TimeSpan deadline) => VproxLab.WaitForAsync(
        $"{worker.Name} holds {ip}", () => Task.FromResult(Held(worker).Contains(ip.ToString()) ? "held" : null), deadline);

    /// <summary>Waits until an address is no longer held.</summary>
    public static Task WithoutAsync(LabWorker worker, IPAddress ip, TimeSpan deadline) => VproxLab.WaitForAsync(
        $"{worker.Name} lets go of {ip}", () => Task.FromResult(Held(worker).Contains(ip.ToString()) ? null : "free"), deadline);

    /// <summary>Waits until no container and no tunnel is left.</summary>
    public static Task EmptyAsync(LabWorker worker, TimeSpan deadline) => VproxLab.WaitForAsync(
        $"{worker.Name} without containers and tunnels",
        async () => Held(worker).Count == 0 && KernelPicture.LinksOf(worker, "vw").Count == 0 && await KernelPicture.OurRulesAsync(worker) == 0 ? "empty" : null,
        deadline);
}
