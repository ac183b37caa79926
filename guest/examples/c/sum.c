/* SPDX-License-Identifier: MIT */
/* A guest in freestanding C: makes public the length and the sum of its input's bytes. */
#include <bowline.h>

int main(void)
{
    static unsigned char buffer[4096];
    uint32_t values[2] = {0, 0};
    size_t count;
    while ((count = bowline_read(buffer, sizeof buffer)) > 0) {
        values[0] += (uint32_t)count;
        for (size_t i = 0; i < count; ++i) values[1] += buffer[i];
    }
    bowline_commit(values, sizeof values);
    bowline_print("done\n");
    return 0;
}
