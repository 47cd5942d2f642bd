using Vprox.Bus.Hosting;
using Vprox.NodeAgent.Adapters.Kernel;
using Vprox.NodeAgent.Core.DataPlane;

namespace Vprox.NodeAgent;

/// <summary>
/// <c>Vprox.NodeAgent teardown</c>: removes everything of ours from the kernel. A shutdown of the agent does not, so that tunnels outlive it;
/// stop the agent first, or it makes everything anew.
/// </summary>
internal static class Teardown
{
    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var app = await VproxHost.BuildAsync("node-agent", args, host =>
            {
                host.Services.AddNodeDataPlane(host.AddValidatedOptions<NodeAgentOptions>("NodeAgent"));
            }).ConfigureAwait(false);
            await using var disposal = app.ConfigureAwait(false);
            await app.Services.GetRequiredService<INodeDataPlane>().TeardownAsync(CancellationToken.None).ConfigureAwait(false);
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Vprox.NodeAgent.Teardown").TornDown();
            return 0;
        }
        catch (InvalidOptionsException invalid)
        {
            await Console.Error.WriteLineAsync(invalid.Message).ConfigureAwait(false);
            return 1;
        }
    }
}
