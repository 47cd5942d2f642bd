using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vprox.Lab.Cloud;

namespace Vprox.Lab.Topology.Gateway;

/// <summary>`Vprox.Lab cloud FILE`: the cloud with the data path under it, as the gateway namespace's process.</summary>
public static class CloudProgram
{
    public static async Task<int> RunAsync(string optionsFile, CancellationToken cancel)
    {
        var options = JsonSerializer.Deserialize<CloudOptions>(await File.ReadAllTextAsync(optionsFile, cancel))
            ?? throw new InvalidDataException($"{optionsFile} holds no options");
        await using var cloud = await CloudServer.StartAsync(options, more: services => services.AddHostedService<VpcRouter>());
        await Console.Out.WriteLineAsync($"The cloud answers on {cloud.Api}");
        await cloud.WaitForShutdownAsync(cancel);
        return 0;
    }
}
