using Vprox.Lab.Broker;

namespace Vprox.Lab.Topology;

/// <summary>`Vprox.Lab broker FOLDER`: the broker of a lab that is kept, in whose namespace this program runs.</summary>
internal static class BrokerProgram
{
    /// <summary>On all addresses of its namespace: nodes and workers come by different links.</summary>
    public static BrokerSettings Settings(string folder, string? networkNamespace) => new()
    {
        Address = System.Net.IPAddress.Any,
        Port = LabPlan.BrokerPort,
        Folder = folder,
        NetworkNamespace = networkNamespace,
    };

    public static async Task<int> RunAsync(string folder, CancellationToken cancel)
    {
        await using var broker = await RabbitBroker.StartAsync(Settings(folder, null), cancel);
        await Console.Out.WriteLineAsync(broker.Uri);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }
}
