namespace Vprox.NodeAgent.Adapters.Imds;

/// <summary>The node's name when no option gives it: its EC2 instance id. The bus queue bears it, so nothing starts before it is known.</summary>
public static class NodeName
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Waits for IMDS as long as it takes, and says so once.</summary>
    public static async Task<string> WaitAsync(NodeAgentOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        if (options.NodeId is { } given)
            return given;
        using var imds = new ImdsClient(new Uri(options.MetadataUrl), time);
        for (var said = false; ;)
        {
            try
            {
                if (await imds.GetAsync("instance-id", cancellationToken).ConfigureAwait(false) is { } text)
                    return MetadataText.Name("instance-id", text);
            }
            catch (ImdsUnavailableException e)
            {
                if (!said)
                    logger.WaitedForNodeId(options.MetadataUrl, e.Message);
                said = true;
            }
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
